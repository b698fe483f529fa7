import { type Static, Type } from 'typebox'

/** What a deployment says about its doors. */
export const config = Type.Object({
  unlockedSeconds: Type.Integer({
    default: 10,
    minimum: 1,
    description: 'How long a door stays unlocked, in seconds'
  })
})

export type Config = Static<typeof config>
