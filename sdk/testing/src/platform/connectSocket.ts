import { once } from 'node:events'
import type { Socket } from 'socket.io-client'

/** Connects a socket; rejects with what the platform says instead. */
export async function connectSocket(socket: Socket): Promise<Socket> {
  const connected = once(socket as never, 'connect')
  const refused = once(socket as never, 'connect_error').then(([error]) => Promise.reject(error as Error))
  socket.connect()
  await Promise.race([connected, refused])
  return socket
}
