import { defineCommand } from '@signalbox/plugin'
import { Type } from 'typebox'

/** Gives an open socket a new access token of the same user, so that it outlives the one it came with. */
export const refreshSocket = defineCommand({
  name: 'auth:refresh',
  description: 'Goes on with a new access token of the same user',
  reply: 'auth:refreshed',
  input: Type.Object({ accessToken: Type.String({ maxLength: 4096 }) }, { additionalProperties: false }),
  output: Type.Object({ expiresAt: Type.String({ format: 'date-time' }) })
})
