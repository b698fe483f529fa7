import type { Socket as RawSocket } from 'node:net'
import type { FlushQueue } from './FlushQueue.ts'
import type { JoinedFrames, Packet } from './JoinedFrames.ts'

/** The parts of Engine.IO's connection that this needs, and that its types leave out. */
export interface EngineConnection {
  readonly readyState: string
  readonly transport: {
    readonly name: string
    readonly writable: boolean
    readonly socket?: { readonly _socket?: RawSocket | null } | null
  }
  writeBuffer: readonly Packet[]
  on(event: 'flush', listener: () => void): void
  emit(event: 'drain'): void
  flush(): void
  close(discard?: boolean): void
}

/** What waits to be sent on one connection. It takes the place of the connection's own `flush`. */
export class Outbox {
  readonly #connection: EngineConnection
  readonly #flushPackets: () => void
  #queued: 'patient' | 'urgent' | undefined
  /** Whether something waits that is for this socket alone. */
  #isUrgent = false
  /** What has not reached the transport yet, which takes nothing while its last write is on its way. */
  #held = { packets: 0, bytes: 0 }

  constructor(connection: EngineConnection, queue: FlushQueue<Outbox>) {
    this.#connection = connection
    this.#flushPackets = connection.flush.bind(connection)
    connection.flush = () => this.#enter(queue)
    connection.on('flush', () => this.#sent())
  }

  /** Bytes that the peer has not taken. */
  get unsent(): number {
    const { writeBuffer } = this.#connection
    const held = this.#held
    while (held.packets < writeBuffer.length) held.bytes += writeBuffer[held.packets++]?.data?.length ?? 0
    return held.bytes + (this.#raw?.writableLength ?? 0)
  }

  /** Sends what waits, with one write. */
  flush(frames: JoinedFrames): void {
    this.#queued = undefined
    const { writeBuffer } = this.#connection
    if (!writeBuffer.length) return
    const raw = this.#raw
    const joined = raw && this.#takesFrames ? frames.join(writeBuffer) : undefined
    if (joined) {
      this.#connection.writeBuffer = []
      this.#sent()
      raw?.write(joined)
      this.#connection.emit('drain')
    } else {
      raw?.cork()
      this.#flushPackets()
      raw?.uncork()
    }
  }

  /** Ends the connection at once: the closing handshake would wait for a peer that does not read. */
  drop(): void {
    const raw = this.#raw
    this.#connection.close(true)
    raw?.destroy()
  }

  get #raw(): RawSocket | null | undefined {
    return this.#connection.transport.socket?._socket
  }

  /** Whether frames may pass by Engine.IO and its transport: it is a WebSocket, and nothing is on its way. */
  get #takesFrames(): boolean {
    const { readyState, transport } = this.#connection
    return readyState === 'open' && transport.name === 'websocket' && transport.writable
  }

  #enter(queue: FlushQueue<Outbox>): void {
    const last = this.#connection.writeBuffer.at(-1)
    if (!last || this.#queued === 'urgent') return
    if (!last.options.wsPreEncodedFrame) this.#isUrgent = true
    if (this.#isUrgent) {
      this.#queued = 'urgent'
      queue.add(this)
    } else if (!this.#queued) {
      this.#queued = 'patient'
      queue.addPatient(this)
    }
  }

  #sent(): void {
    this.#held = { packets: 0, bytes: 0 }
    this.#isUrgent = false
  }
}
