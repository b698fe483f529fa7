import { randomBytes } from 'node:crypto'
import { readdir, readFile, readlink } from 'node:fs/promises'
import { createServer, type AddressInfo, type Socket } from 'node:net'

/** A place on the loopback interface that tells one process, once, where the camera is. */
export interface Redirect {
  /** Says nothing about the camera. */
  url: string
  /** The process that may ask. */
  expect(pid: number | undefined): void
  close(): void
}

function hexPort(port: number | undefined): string {
  return (port ?? 0).toString(16).toUpperCase().padStart(4, '0')
}

/** Whether the process holds the far end of a loopback connection. True where the system cannot tell (no /proc). */
async function isFarEnd(socket: Socket, pid: number | undefined): Promise<boolean> {
  let table: string
  try {
    table = await readFile('/proc/net/tcp', 'utf8')
  } catch {
    return true
  }
  const pair = `:${hexPort(socket.remotePort)} 0100007F:${hexPort(socket.localPort)} `
  const inode = table
    .split('\n')
    .find((line) => line.includes(pair))
    ?.trim()
    .split(/\s+/)[9]
  try {
    const folder = `/proc/${pid}/fd`
    const links = await Promise.all(
      (await readdir(folder)).map((fd) => readlink(`${folder}/${fd}`).catch(() => ''))
    )
    return links.includes(`socket:[${inode}]`)
  } catch {
    return false
  }
}

/**
 * Hides an RTSP URL from an ffmpeg whose concat demuxer takes no options (before 5.0): the command line shows an
 * address of ours, and the answer there is `302` with the real one. Only `expect`ed processes get it, by a path nobody can guess.
 */
export async function offerRedirect(target: string): Promise<Redirect> {
  const path = `/${randomBytes(16).toString('hex')}`
  const sockets = new Set<Socket>()
  let expected: number | undefined

  const answer = async (socket: Socket, request: string) => {
    const sequence = /^CSeq:\s*(\d+)/im.exec(request)?.[1] ?? '1'
    const allowed = request.split(' ')[1]?.endsWith(path) === true && (await isFarEnd(socket, expected))
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
  const { port } = server.address() as AddressInfo
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
