import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { PlatformError, type Caller, type Door, type DoorRequest, type Logger } from '@signalbox/plugin'
import { WebSocketServer, type ServerOptions, type WebSocket } from 'ws'
import type { SignedIn } from '../identity/Identity.ts'
import type { TokenExpiry } from '../identity/TokenExpiry.ts'
import { clientAddress } from './clientAddress.ts'
import { DoorConnection } from './DoorConnection.ts'
import { refuseUpgrade } from './refuseUpgrade.ts'

export interface OpenDoorOptions {
  readonly log: Logger
  readonly trustProxy: boolean
  readonly heartbeatSeconds: number
  readonly maxConnections: number
  readonly bodyLimit: number
  readonly callerOf: (token: string) => Promise<SignedIn | undefined>
  readonly openCaller: (request: IncomingMessage) => Caller | undefined
}

export interface OpenDoorParts extends OpenDoorOptions {
  /** Watches the tokens of all doors. */
  readonly expiry: TokenExpiry<DoorConnection>
}

/** What one door has done since it was opened. */
export interface DoorStatus {
  readonly path: string
  readonly connections: number
  /** Peers that were not let in, because there were too many. */
  readonly refused: number
  /** Peers that answered no ping. */
  readonly dead: number
  /** Messages that were not sent, because the peer read too slowly. */
  readonly skipped: number
}

const unsentLimit = 4 * 1024 * 1024
/** What a peer gets to answer a close, before its connection is cut. */
const closeMs = 1000

/** One door while it is open: its peers, its limits and its heartbeat. */
export class OpenDoor {
  readonly #door: Door
  readonly #options: OpenDoorParts
  readonly #server: WebSocketServer
  readonly #connections = new Map<WebSocket, DoorConnection>()
  readonly #heart: NodeJS.Timeout
  readonly #counts = { refused: 0, dead: 0, skipped: 0 }
  #closed = false

  constructor(door: Door, options: OpenDoorParts) {
    this.#door = door
    this.#options = options
    const settings: ServerOptions & { readonly closeTimeout: number } = {
      noServer: true,
      clientTracking: false,
      perMessageDeflate: false,
      closeTimeout: closeMs,
      maxPayload: door.maxPayload ?? options.bodyLimit
    }
    this.#server = new WebSocketServer(settings)
    this.#heart = setInterval(() => this.#beat(), (door.heartbeatSeconds ?? options.heartbeatSeconds) * 1000)
  }

  /** Lets a peer in, where there is room. */
  admit(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    if (this.#closed || this.#connections.size >= this.#limit) {
      this.#counts.refused++
      return refuseUpgrade(socket, new PlatformError('unavailable', 'There is no room at this door.'))
    }
    this.#server.handleUpgrade(request, socket, head, (peer) => void this.#greet(peer, request))
  }

  get connections(): Iterable<DoorConnection> {
    return this.#connections.values()
  }

  status(): DoorStatus {
    return { path: this.#door.path, connections: this.#connections.size, ...this.#counts }
  }

  /** Tells the peers to go, and waits until they are gone. */
  async close(): Promise<void> {
    this.#closed = true
    clearInterval(this.#heart)
    const gone = [...this.#connections.keys()].map(
      (peer) => new Promise<void>((resolve) => peer.once('close', () => resolve()))
    )
    for (const connection of this.connections) connection.close(1001, 'The platform stops')
    await Promise.all(gone)
  }

  get #limit(): number {
    return this.#door.maxConnections ?? this.#options.maxConnections
  }

  async #greet(peer: WebSocket, request: IncomingMessage): Promise<void> {
    const { callerOf, openCaller, expiry, log } = this.#options
    const connection = new DoorConnection({
      peer,
      log,
      unsentLimit: this.#door.unsentLimit ?? unsentLimit,
      callerOf: async (token) => (token === undefined ? openCaller(request) : callerOf(token)),
      onSignIn: (caller) => expiry.watch(connection, caller),
      onSkip: () => this.#counts.skipped++
    })
    this.#connections.set(peer, connection)
    peer.once('close', () => {
      this.#connections.delete(peer)
      expiry.forget(connection)
    })
    peer.pause()
    await connection.settle(() => this.#door.onConnection(connection, this.#requestOf(request)))
    peer.resume()
  }

  #requestOf(request: IncomingMessage): DoorRequest {
    const { headers, url = '' } = request
    return {
      query: new URL(url, 'http://door').searchParams,
      headers,
      protocols: (headers['sec-websocket-protocol'] ?? '').split(',').flatMap((one) => one.trim() || []),
      address: clientAddress(request, this.#options.trustProxy)
    }
  }

  #beat(): void {
    for (const connection of this.connections) {
      if (connection.beat()) continue
      this.#counts.dead++
      connection.terminate()
    }
  }
}
