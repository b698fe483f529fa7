import { EventEmitter, once } from 'node:events'
import { createServer, type Server, type Socket } from 'node:net'
import type { Login } from './authentication.ts'
import { Connection } from './connection.ts'
import type { CameraEvents, Device } from './device.ts'
import { noFaults } from './faults.ts'

/** What a {@link FakeCamera} is assembled from. */
export interface FakeCameraParts {
  /** 0 is any that is free. */
  port: number
  login: Login | undefined
  device: Omit<Device, 'events'>
}

/**
 * A camera on 127.0.0.1 for tests: RTSP and HTTP at one port, any path, any number of players, and faults on
 * demand. A fault lasts until its opposite or `clear()`; each concerns every path unless it says otherwise.
 * `startFakeCamera` makes one; `stop()` it when done.
 */
export class FakeCamera extends EventEmitter<CameraEvents> {
  /** The login that the camera asks for. */
  readonly login: Login | undefined
  readonly #device: Device
  readonly #connections = new Set<Connection>()
  readonly #server: Server
  #port: number

  constructor({ port, login, device }: FakeCameraParts) {
    super()
    this.login = login
    this.#device = { ...device, events: this }
    this.#port = port
    this.#server = createServer((socket) => this.#accept(socket))
  }

  /** Where it listens, also while it is offline. */
  get port(): number {
    return this.#port
  }

  /** The RTSP URL of a path; with the login of whoever is to use it, `camera.login` being the right one. */
  url(path = '/main', login?: Login): string {
    return `rtsp://${credentials(login)}127.0.0.1:${this.#port}${path}`
  }

  /** The URL of a path as MPEG-TS over HTTP; the path ends in `.ts`. */
  httpUrl(path = '/stream.ts', login?: Login): string {
    return `http://${credentials(login)}127.0.0.1:${this.#port}${path}`
  }

  /** How many players are being sent pictures, of all paths or of one. */
  sessions(path?: string): number {
    const playing = [...this.#connections].filter((connection) => connection.path !== undefined)
    return playing.filter((connection) => path === undefined || connection.path === path).length
  }

  /** Hangs up on every connection, or on the players of one path: by FIN, or by RST. */
  drop({ path, reset = false }: { path?: string; reset?: boolean } = {}): void {
    for (const connection of this.#connections) {
      if (path === undefined || connection.path === path) connection.hangUp({ reset })
    }
  }

  /** Pictures stop, and sender reports with them; connections stay, and requests are answered. */
  freeze(): void {
    this.#device.faults.frozen = true
  }

  /** Pictures go on where they stopped; their timestamps show the pause. */
  thaw(): void {
    this.#device.faults.frozen = false
  }

  /** New connections are accepted and never answered; those that play go on. */
  silent(): void {
    this.#device.faults.silent = true
  }

  /** Whoever asks for a stream is refused with this status; those that play go on. */
  reject(status: number): void {
    this.#device.faults.status = status
  }

  /** The timestamps of all pictures from now on are this many seconds later, or earlier. Jumps add up. */
  jump(seconds: number): void {
    this.#device.faults.jump += seconds
  }

  /** UDP loses this share (0 to 1) of the RTP packets, evenly spread. */
  loss(fraction: number): void {
    this.#device.faults.loss = fraction
  }

  /** Resets every connection and listens no more: connecting is refused, as by a camera that reboots. */
  async offline(): Promise<void> {
    if (!this.#server.listening) return
    const closed = once(this.#server, 'close')
    this.#server.close()
    this.drop({ reset: true })
    await closed
  }

  /** Listens again, at the same port. */
  async online(): Promise<void> {
    if (this.#server.listening) return
    this.#server.listen(this.#port, '127.0.0.1')
    await once(this.#server, 'listening')
    const address = this.#server.address()
    if (typeof address === 'object' && address) this.#port = address.port
  }

  /** Ends every fault except being offline, and takes back every jump. */
  clear(): void {
    Object.assign(this.#device.faults, noFaults())
  }

  /** Switches the camera off and gives all of it back. */
  async stop(): Promise<void> {
    await this.offline()
    this.#device.udp.close()
  }

  #accept(socket: Socket): void {
    const connection = new Connection(socket, this.#device)
    this.#connections.add(connection)
    socket.on('close', () => this.#connections.delete(connection))
  }
}

function credentials(login: Login | undefined): string {
  if (!login) return ''
  return `${encodeURIComponent(login.username)}:${encodeURIComponent(login.password)}@`
}
