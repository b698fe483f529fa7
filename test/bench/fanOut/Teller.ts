/** What is told: of about one hundred bytes, or with its boxes of two thousand. */
export interface Reading {
  readonly id: string
  readonly by: string
  /** ISO 8601, or microseconds of this machine's clock. */
  readonly at: string | number
  readonly boxes?: readonly Readonly<Record<string, string | number>>[]
}

/** What a record is made of that is told when it is created. */
export interface Note {
  readonly title: string
  readonly body: string
}

/** A server that tells all of its audience the same. */
export interface Teller {
  readonly url: string
  readonly token?: string | undefined
  /** What its messages are called on the wire. */
  readonly events: readonly string[]
  /** What each socket sends to be told: a command and its input. */
  readonly join?: readonly [command: string, input: string]
  /** How many messages each socket is sent when a record is created. */
  readonly messagesOfRecord: number
  /** Tells everybody an event. */
  tell(reading: Reading): void
  /** Creates a record, of which everybody is told. */
  create(note: Note): Promise<unknown>
  stop(): Promise<void>
}

export interface TellerOptions {
  /** Where records are kept; the embedded database of the platform when absent. */
  readonly databaseUrl?: string
  /** The platform's `websocket.flushMs`. */
  readonly flushMs?: number
}
