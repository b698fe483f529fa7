import type { Socket as RawSocket } from 'node:net'
import type { Server } from 'socket.io'

/** The parts of Engine.IO's connection that this needs, and that its types leave out. */
interface EngineConnection {
  readonly transport: { readonly socket?: { readonly _socket?: RawSocket | null } | null }
  on(event: 'packetCreate', listener: (packet: { readonly data?: { readonly length: number } }) => void): void
  on(event: 'flush', listener: () => void): void
  flush(): void
  close(discard?: boolean): void
}

export interface CoalesceOptions {
  /** Bytes that may wait for a peer that reads too slowly; past it the connection is dropped. */
  readonly unsentLimit: number
  /** Called for each connection that is dropped. */
  readonly onDrop: () => void
}

/**
 * Every message to a socket is a system call, and that is the price of telling many. So what a turn of the event
 * loop sends to a connection is collected, and all connections are flushed together at the turn's end, each with one
 * write. A peer that does not read never grows the server's memory: it is dropped, and may come back and resume.
 */
export function coalesceWrites(io: Server, { unsentLimit, onDrop }: CoalesceOptions): void {
  let waiting: (() => void)[] = []
  const flushAll = (): void => {
    const flushes = waiting
    waiting = []
    for (const flush of flushes) flush()
  }

  io.engine.on('connection', (engineSocket: unknown) => {
    const connection = engineSocket as EngineConnection
    const flush = connection.flush.bind(connection)
    let queued = false
    // What has not reached the transport yet, which takes nothing while its last write is on its way.
    let held = 0
    connection.on('packetCreate', ({ data }) => (held += data?.length ?? 0))
    connection.on('flush', () => (held = 0))
    const flushNow = (): void => {
      queued = false
      const raw = connection.transport.socket?._socket
      raw?.cork()
      flush()
      raw?.uncork()
      if (held + (raw?.writableLength ?? 0) > unsentLimit) {
        onDrop()
        connection.close(true)
        // The closing handshake would wait for a peer that does not read.
        raw?.destroy()
      }
    }
    connection.flush = () => {
      if (queued) return
      queued = true
      if (waiting.push(flushNow) === 1) setImmediate(flushAll)
    }
  })
}
