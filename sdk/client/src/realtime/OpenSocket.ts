/** The part of a Socket.IO socket that the client uses. */
export interface SocketLike {
  on(event: string, listener: (...values: any[]) => void): unknown
  onAny(listener: (event: string, ...values: any[]) => void): unknown
  off(): unknown
  offAny(): unknown
  emit(event: string, ...values: any[]): unknown
  disconnect(): unknown
}

/** Opens a socket, as `io` of `socket.io-client` does. */
export type OpenSocket = (
  url: string,
  options: {
    readonly path: string
    readonly auth: { readonly token?: string | undefined }
    readonly transports: string[]
    readonly tryAllTransports: boolean
    readonly reconnection: boolean
    readonly forceNew: boolean
  }
) => SocketLike
