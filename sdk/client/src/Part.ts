/**
 * The request of a named method, with `:id` where it is on a record, and with `(input)` behind it where the method takes
 * one: `POST /jobs/:id/start`, `GET /jobs/:id/history (input)`.
 */
export type MethodRoute = `${'GET' | 'POST' | 'PATCH'} /${string}`

/** A room that a command lets a socket join, and the events that are told there. */
export interface RoomTable {
  /** The command that joins it; its input is the key. */
  readonly join: string
  /** The command that leaves it, with the same input. */
  readonly leave: string
  readonly events: readonly string[]
  /** The field of each event's payload that holds the key, so that two rooms on one socket are told apart. */
  readonly key: string
}

/** How one service is called. */
export interface ServiceTable {
  /** Below the API's root. */
  readonly path: string
  /** Only of a resource, which has the standard methods and tells its changes: `camera` of `camera-changed`. */
  readonly singular?: string
  /**
   * The order of a list that asks for none, `{}` where that is the id’s alone. Without it a live list that asks for no
   * order is read again after each change.
   */
  readonly sort?: Readonly<Record<string, 1 | -1>>
  readonly methods?: Readonly<Record<string, MethodRoute>>
  /** The named events. */
  readonly events?: readonly string[]
  readonly rooms?: Readonly<Record<string, RoomTable>>
}

/** The input and the output of each socket command, by name. */
export type CommandTypes = Readonly<Record<string, { readonly input: unknown; readonly output: unknown }>>

declare const services: unique symbol
declare const commands: unique symbol

/**
 * One plugin, as the generated client knows it: how its services are called, as data, and their types `S` and `C`, which
 * are nowhere but in the type.
 */
export interface Part<S = unknown, C = unknown> {
  /** By the name that the client gives each service: `apiKeys` for the path `api-keys`. */
  readonly services: Readonly<Record<string, ServiceTable>>
  readonly [services]?: S
  readonly [commands]?: C
}

/** Gives a table its types; `signalbox generate` writes the call. */
export function part<S, C = {}>(table: Part['services']): Part<S, C> {
  return { services: table }
}

type Joined<F> = F extends readonly ((all: infer All) => void)[] ? All : never

/** The services of these parts, by name. */
export type ServicesOf<P extends readonly Part[]> = Joined<{
  [N in keyof P]: P[N] extends Part<infer S, any> ? (all: S) => void : never
}>

/** The commands of these parts, by name. */
export type CommandsOf<P extends readonly Part[]> = Joined<{
  [N in keyof P]: P[N] extends Part<any, infer C> ? (all: C) => void : never
}>
