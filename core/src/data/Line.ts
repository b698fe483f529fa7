/** One connection of a node's own to a server, beside the pool: it hears notices, and waits behind no other query. */
export interface Line {
  /** Whether it answered lately. While it does not, notices may be missed. */
  readonly up: boolean
  /** Rejects while the line is down, and where no answer comes in time. */
  query<Row>(text: string, values?: readonly unknown[]): Promise<readonly Row[]>
  /** Hears each notice of the channel that another connection sent. */
  onNotice(listener: (text: string) => void): void
  /** Hears that the line went down or came back. */
  onTurn(listener: (up: boolean) => void): void
  close(): Promise<void>
}
