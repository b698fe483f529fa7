import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'

/** The two sockets from which a camera sends to all of its UDP players. */
export interface UdpPair {
  rtp: Socket
  rtcp: Socket
  close(): void
}

const ATTEMPTS = 100

/** Binds an even port for RTP and the odd one after it for RTCP, as players expect of them (RFC 3550, 11). */
export async function openUdpPair(): Promise<UdpPair> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const rtp = await bind(0)
    const { port } = rtp.address()
    const rtcp = port % 2 === 0 ? await bind(port + 1).catch(() => undefined) : undefined
    if (rtcp) {
      let closed = false
      return {
        rtp,
        rtcp,
        close() {
          if (closed) return
          closed = true
          rtp.close()
          rtcp.close()
        }
      }
    }
    rtp.close()
  }
  throw new Error(`No two neighbouring UDP ports are free on 127.0.0.1 (${ATTEMPTS} attempts)`)
}

async function bind(port: number): Promise<Socket> {
  const socket = createSocket('udp4')
  socket.bind(port, '127.0.0.1')
  try {
    await once(socket, 'listening')
  } catch (error) {
    socket.close()
    throw error
  }
  // A player that has gone is no fault of the camera.
  socket.on('error', () => undefined)
  return socket
}
