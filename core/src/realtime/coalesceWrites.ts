import type { Server } from 'socket.io'
import { FlushQueue } from './FlushQueue.ts'
import { JoinedFrames } from './JoinedFrames.ts'
import { Outbox, type EngineConnection } from './Outbox.ts'

export interface CoalesceOptions {
  /** The longest that what is told to many waits under load, in milliseconds. */
  readonly windowMs: number
  /** Bytes that may wait for a peer that reads too slowly; past it the connection is dropped. */
  readonly unsentLimit: number
  /** Called for each connection that is dropped. */
  readonly onDrop: () => void
}

/**
 * Every message to a socket is a system call, and that is the price of telling many. So what a turn of the event
 * loop sends to a connection is collected, and all connections are flushed together at the turn's end, each with one
 * write; under load, what is told to many is collected for some milliseconds. What is for one socket, the answer to a
 * call above all, never waits, and nothing overtakes. A peer that does not read never grows the server's memory: it is
 * dropped, and may come back and resume.
 */
export function coalesceWrites(io: Server, { windowMs, unsentLimit, onDrop }: CoalesceOptions): void {
  const queue = new FlushQueue<Outbox>({
    windowMs,
    flush: (outboxes) => {
      const frames = new JoinedFrames()
      for (const outbox of outboxes) {
        outbox.flush(frames)
        if (outbox.unsent <= unsentLimit) continue
        onDrop()
        outbox.drop()
      }
    }
  })
  io.engine.on('connection', (connection: unknown) => new Outbox(connection as EngineConnection, queue))
}
