import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { isFarEnd } from './isFarEnd.ts'
import { errorCode } from '../supervisor/errorCode.ts'

/** A place on the loopback interface that tells one process, once, where the camera is. */
export interface Redirect {
  /** Says nothing about the camera. */
  url: string
  /** The process that may ask. */
  expect(pid: number | undefined): void
  close(): void
}

const RTSP_PORT = 554
const REACH_MS = 5_000

const noFault = () => undefined

function codeOf(error: unknown): string {
  const cause = error instanceof Error && /Abort|Timeout/.test(error.name) ? 'ETIMEDOUT' : errorCode(error)
  return String(cause ?? error)
}

/** Resolves when something listens at the URL's address. @throws the error of the system */
async function reach(target: string): Promise<void> {
  const { hostname, port } = new URL(target)
  const socket = connect({
    host: hostname.replace(/^\[|\]$/g, ''),
    port: Number(port || RTSP_PORT),
    signal: AbortSignal.timeout(REACH_MS)
  })
  try {
    await once(socket, 'connect')
  } finally {
    socket.destroy()
  }
}

/** Options of `offerRedirect`. */
export interface RedirectOptions {
  /** The camera cannot be reached, and the process will not be sent there. */
  onUnreachable: (reason: string) => void
}

/**
 * Hides an RTSP URL from an ffmpeg whose concat demuxer takes no options (before 5.0): the command line shows an
 * address of ours, and the answer there is `302` with the real one. Only `expect`ed processes get it, by a path nobody can guess.
 */
export async function offerRedirect(target: string, { onUnreachable }: RedirectOptions): Promise<Redirect> {
  const path = `/${randomBytes(16).toString('hex')}`
  const sockets = new Set<Socket>()
  let expected: number | undefined

  const answer = async (socket: Socket, request: string) => {
    const sequence = /^CSeq:\s*(\d+)/im.exec(request)?.[1] ?? '1'
    const allowed = request.split(' ')[1]?.endsWith(path) === true && (await isFarEnd(socket, expected))
    // These old ffmpegs follow the same redirect again and again, without a pause, where nobody listens.
    const fault = allowed ? await reach(target).then(noFault, codeOf) : undefined
    if (fault !== undefined) {
      onUnreachable(fault)
      socket.destroy()
      return
    }
    const status = allowed ? '302 Found' : '404 Not Found'
    const location = allowed ? `Location: ${target}\r\n` : ''
    socket.end(`RTSP/1.0 ${status}\r\nCSeq: ${sequence}\r\n${location}\r\n`)
  }
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.setEncoding('latin1')
    socket.on('error', () => socket.destroy())
    socket.on('close', () => sockets.delete(socket))
    socket.once('data', (request: string) => void answer(socket, request))
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : undefined
  return {
    url: `rtsp://127.0.0.1:${port}${path}`,
    expect(pid) {
      expected = pid
    },
    close() {
      server.close()
      for (const socket of sockets) socket.destroy()
    }
  }
}
