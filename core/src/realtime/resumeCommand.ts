import { defineCommand } from '@signalbox/plugin'
import { Type } from 'typebox'

/** Catching up after a lost connection. */
export const resumeCommand = defineCommand({
  name: 'resume',
  description:
    'Tells this socket what it missed: the changes after `since`, oldest first and before anything newer, as the ' +
    'events they would have been. `reset` says what to read anew instead',
  reply: 'resumed',
  input: Type.Object({
    since: Type.Integer({ minimum: 0, description: 'The greatest `seq` that was seen' }),
    epoch: Type.Optional(
      Type.String({
        maxLength: 20_000,
        description: 'From `hello`, `reset` or `resumed`: what could be read then'
      })
    )
  }),
  output: Type.Object({ seq: Type.Integer(), epoch: Type.String() })
})
