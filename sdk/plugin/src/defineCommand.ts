import type { Static, TSchema } from 'typebox'
import type { Caller } from './Caller.ts'

/** A socket as a command sees it. */
export interface Connection {
  readonly id: string
  readonly caller: Caller
  join(room: string): void
  leave(room: string): void
}

/**
 * A named socket command: `socket.emit('subscribe:logs', jobId)`. It is answered by exactly one event, `reply`
 * or `error`, and by the acknowledgement where the client gave one.
 */
export interface Command<I extends TSchema = TSchema, O extends TSchema = TSchema> {
  readonly $type: 'signalbox/command@1'
  readonly name: string
  readonly description: string
  readonly reply: string
  readonly input: I
  readonly output: O
}

/** Declares a socket command. Its handler is registered with `ctx.command`. */
export function defineCommand<I extends TSchema, O extends TSchema>(
  spec: Omit<Command<I, O>, '$type'>
): Command<I, O> {
  return { $type: 'signalbox/command@1', ...spec }
}

export type CommandHandler<C> =
  C extends Command<infer I, infer O>
    ? (input: Static<I>, connection: Connection) => Promise<Static<O>> | Static<O>
    : never
