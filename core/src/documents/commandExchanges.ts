import { errorKinds, PlatformError } from '@signalbox/plugin'
import { commandError } from '../realtime/commandError.ts'
import type { Exchange } from './Exchange.ts'
import type { JsonSchema } from './JsonSchema.ts'
import { keysOf } from './keysOf.ts'
import type { ManifestCommand } from './manifestShape.ts'
import { schemaRef } from './schemaNames.ts'

/** A named command with the event that answers it. */
export function commandExchange({
  name,
  description,
  reply,
  input,
  output,
  room
}: ManifestCommand): Exchange {
  return {
    id: `command.${name}`,
    action: 'receive',
    address: name,
    summary: description,
    payload: input,
    reply: { address: reply, payload: output },
    ...(room && { room: { events: room.events, key: room.key, leave: room.leave } })
  }
}

/** The one event that answers every command that failed, and every call without an acknowledgement. */
export const commandFailure: Exchange = {
  id: 'emit.error',
  action: 'send',
  address: 'error',
  summary: 'What answers a command that failed, in place of its reply',
  payload: schemaRef('CommandError')
}

const words = new Set(keysOf(errorKinds).map((kind) => commandError('', new PlatformError(kind, '')).error))

/** Open: a refusal may carry more, such as the time until which an account is locked. */
export const commandErrorSchema: JsonSchema = {
  type: 'object',
  required: ['error', 'event'],
  properties: {
    error: { type: 'string', enum: [...words] },
    event: { type: 'string', description: 'The command' },
    code: { type: 'integer', description: 'The HTTP status of the same error' },
    message: { type: 'string' }
  }
}
