import type { JsonSchema } from './JsonSchema.ts'

/** One thing that is said over a socket, seen from the host: what it sends, or what it receives and answers. */
export interface Exchange {
  /** Names the operation; unique. */
  readonly id: string
  readonly action: 'send' | 'receive'
  /** The name of the Socket.IO event. */
  readonly address: string
  readonly summary: string
  /** The one argument of the event, or the tuple of several. */
  readonly payload: JsonSchema
  /** The event that answers; without an address, the acknowledgement. */
  readonly reply?: { readonly address: string | null; readonly payload: JsonSchema }
  readonly permission?: string
  readonly room?: ExchangeRoom
}

/** What comes of a command that lets a socket into a room. */
export interface ExchangeRoom {
  /** The Socket.IO events that are told in it. */
  readonly events: readonly string[]
  /** The field of their payloads that equals the command's input. */
  readonly key: string
  /** The command that leaves it. */
  readonly leave: string
}
