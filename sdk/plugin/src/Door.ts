import type { Caller } from './Caller.ts'

/**
 * A native WebSocket door of a plugin, for peers that do not speak Socket.IO: devices, finished front-ends. It is
 * open from `ctx.door` until the plugin stops. Peers that answer no ping are dropped.
 */
export interface Door {
  /** Below the base path: `/ws`. Each path has one door. */
  readonly path: string
  /**
   * Greets a peer. What the peer sends is held back until this has returned, or resolved: add the listeners here.
   * Where it throws, the connection is closed with 1011.
   */
  readonly onConnection: (socket: DoorSocket, request: DoorRequest) => void | Promise<void>
  /** Bytes of the largest message; a larger one closes the connection with 1009. Default: the body limit. */
  readonly maxPayload?: number
  /** How often a peer is asked for a sign of life, in seconds. Default: that of the platform’s sockets. */
  readonly heartbeatSeconds?: number
  /** The most peers at once; another one gets a 503. Default: that of the platform’s sockets. */
  readonly maxConnections?: number
  /** Bytes that may wait for one peer before `send` refuses more. Default: 4 MiB. */
  readonly unsentLimit?: number
}

/** The request that a peer came with. */
export interface DoorRequest {
  readonly query: URLSearchParams
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  /** What the peer offers in `Sec-WebSocket-Protocol`; the first one is agreed to. */
  readonly protocols: readonly string[]
  /** The peer's address: what the proxy says, where one is trusted. */
  readonly address: string
}

/** One peer at a door. */
export interface DoorSocket {
  readonly id: string
  /** Who signed in here, with the roles held at this moment. */
  readonly caller: Caller | undefined
  /** Bytes that wait for the peer to read. */
  readonly unsent: number
  /**
   * Ties the connection to who holds this access token; undefined where it is not good, and then nothing changes.
   * Without a token it is the caller of open mode, where that answers. A connection stays one person's: called again,
   * with a new token of the same user, it lives on with that one. When the token runs out and a grace period after it,
   * when the session ends or the account is suspended, the connection is closed with 1008.
   */
  signIn(token: string | undefined): Promise<Caller | undefined>
  /** False where it was not sent: the connection is closed, or more than `unsentLimit` bytes wait already. */
  send(message: string | Uint8Array): boolean
  close(code?: number, reason?: string): void
  /** Text comes as a string, the rest as bytes. A listener that throws closes the connection with 1011. */
  onMessage(listener: (message: string | Uint8Array) => void | Promise<void>): void
  /** The rights of who signed in may have changed: what was allowed is to be asked for again. */
  onRights(listener: (caller: Caller) => void | Promise<void>): void
  /** The access token will run out, at this time in ISO 8601: ask the peer for a new one, and sign in with it. */
  onExpiring(listener: (expiresAt: string) => void | Promise<void>): void
  /** Once, whichever side ended it. */
  onClose(listener: (code: number) => void): void
}
