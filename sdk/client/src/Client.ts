import type { CommandsOf, Part, ServicesOf } from './Part.ts'
import type { Connection } from './realtime/Connection.ts'
import type { OpenSocket } from './realtime/OpenSocket.ts'
import type { CallOptions } from './ResourceClient.ts'
import type { Credentials, Session } from './session/Session.ts'
import type { TokenStore } from './session/TokenStore.ts'

export interface ClientOptions<P extends readonly Part[] = readonly Part[]> {
  /** Where the platform is, with its base path where it has one; on a page, relative to that: `/`. */
  readonly url: string
  /** The plugins that it is asked for, as `signalbox generate` writes them. */
  readonly parts: P
  /** Where the session’s tokens are kept. Default: in memory. */
  readonly session?: TokenStore | undefined
  /** Calls with this key in the place of a session. */
  readonly apiKey?: string | undefined
  /** Default: the global one. */
  readonly fetch?: typeof fetch | undefined
  /** `io` of `socket.io-client`. Default: it is imported when it is first needed. */
  readonly io?: OpenSocket | undefined
  /** The longest that a call may take, in milliseconds, where it does not say so itself. Default: 30 s. */
  readonly timeoutMs?: number | undefined
  /** The hash of the manifest that the parts were made from. */
  readonly manifestHash?: string | undefined
  /**
   * Hears, at first and after each connect, that the platform’s manifest is another than `manifestHash`: something was
   * installed, removed or changed.
   */
  readonly onStale?: (() => void) | undefined
}

/** A user as `users` of the core answers it, where that is one of the parts. */
export type UserOf<S> = S extends { readonly users: { get(id: string): Promise<infer U> } }
  ? U
  : { readonly id: string }

/** What every client has beside its services. */
export interface ClientMembers<S, C> {
  /** Begins a session. Rejects with `unauthorized` where account or password is not right. */
  signIn(credentials: Credentials, options?: CallOptions): Promise<UserOf<S>>
  /** Ends the session: here at once, at the platform when it resolves. */
  signOut(options?: CallOptions): Promise<void>
  readonly session: Session<UserOf<S>>
  readonly connection: Connection
  /** Sends a socket command, and connects where that was not done. It is never sent twice. */
  send<K extends keyof C & string>(command: K, ...values: CommandValues<C[K]>): Promise<OutputOf<C[K]>>
  /** Ends calls, lists, rooms, iterators and the connection, for good. */
  close(): void
}

type CommandValues<C> = C extends { readonly input: infer I } ? [input: I, options?: CallOptions] : never

type OutputOf<C> = C extends { readonly output: infer O } ? O : never

/** A client of a platform: its services by name, and what every client has. */
export type Client<S = {}, C = {}> = S & ClientMembers<S, C>

/** The client that is made of these parts. */
export type ClientOf<P extends readonly Part[]> = Client<ServicesOf<P>, CommandsOf<P>>
