import { PlatformError } from '@signalbox/plugin'
import type { Socket } from 'socket.io'
import type { CallQueue } from './CallQueue.ts'

/** The calls of each socket that wait for their answer. */
export const callsOf = new WeakMap<Socket, CallQueue>()

/**
 * Cuts a socket: it stands in no room from now on, and its calls that wait are answered with a 401 before the
 * connection closes. It is the connection that closes, for a client that loses it comes back by itself, with a token
 * that is good by then; one that is sent away by name does not, and what it calls next waits for ever.
 */
export function cutSocket(socket: Socket, reason = 'The session has ended.'): void {
  for (const room of socket.rooms) void socket.leave(room)
  // The call that ended the session, a log-out, is answered first.
  setImmediate(() => {
    callsOf.get(socket)?.fail(new PlatformError('unauthorized', reason))
    setImmediate(() => socket.conn.close())
  })
}
