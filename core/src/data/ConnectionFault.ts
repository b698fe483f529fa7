/** No connection to the database could be had. The system's own error is the cause; another peer's looks the same. */
export class ConnectionFault extends Error {
  readonly code = 'CONNECTION_FAULT'

  constructor(cause: unknown) {
    super((cause as Error).message, { cause })
    this.name = 'ConnectionFault'
  }
}
