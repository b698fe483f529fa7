import type { Static, TSchema } from 'typebox'
import type { Caller } from './Caller.ts'
import type { Resource } from './defineResource.ts'
import type { Service } from './defineService.ts'
import type { EventsOf } from './ServiceOf.ts'

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
  /** The room that the command lets a socket into, for the generated client; its input names the room. */
  readonly room?: CommandRoom<I>
}

/** A room as the generated client opens it: `client.jobs.followLogs(id)`. */
export interface CommandRoom<
  I extends TSchema = TSchema,
  R extends Resource | Service = Resource | Service,
  E extends string = string,
  K extends string = string
> {
  /** Whose client opens it. */
  readonly service: R
  /** The name of the client’s method: `followLogs`. */
  readonly method: string
  /** The command that leaves it, with the same input. */
  readonly leave: Command<I, TSchema>
  /** The events of the service that are told there. */
  readonly events: readonly E[]
  /** The field of their payloads that equals the input, by which two rooms on one socket are told apart. */
  readonly key: K
}

/** A field that the payloads of these events have; any, where it is not known which events they are. */
type FieldOf<R, E extends string> = string extends E
  ? string
  : E extends keyof EventsOf<R>
    ? string & keyof EventsOf<R>[E]
    : never

/**
 * Declares a socket command. Its handler is registered with `ctx.command`.
 *
 * @example
 * export const followStation = defineCommand({
 *   name: 'follow:station',
 *   description: 'Follows a station: `measurement` comes from now on',
 *   reply: 'following',
 *   input: Type.String({ maxLength: 64 }),
 *   output: Type.Object({ room: Type.String() }),
 *   room: {
 *     service: stations,
 *     method: 'follow',
 *     leave: unfollowStation,
 *     events: ['measurement'],
 *     key: 'stationId'
 *   }
 * })
 */
export function defineCommand<
  I extends TSchema,
  O extends TSchema,
  R extends Resource | Service = any,
  E extends string & keyof EventsOf<R> = string & keyof EventsOf<R>,
  K extends FieldOf<R, E> = FieldOf<R, E>
>(spec: Omit<Command<I, O>, '$type' | 'room'> & { readonly room?: CommandRoom<I, R, E, K> }): Command<I, O> {
  return { $type: 'signalbox/command@1', ...spec }
}

export type CommandHandler<C> =
  C extends Command<infer I, infer O>
    ? (input: Static<I>, connection: Connection) => Promise<Static<O>> | Static<O>
    : never
