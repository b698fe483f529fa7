import { readdir, readFile, readlink } from 'node:fs/promises'
import type { Socket } from 'node:net'

function hexPort(port: number | undefined): string {
  return (port ?? 0).toString(16).toUpperCase().padStart(4, '0')
}

/** Whether the process holds the far end of a loopback connection. True where the system cannot tell (no /proc). */
export async function isFarEnd(socket: Socket, pid: number | undefined): Promise<boolean> {
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
