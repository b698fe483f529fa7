import { createHash } from 'node:crypto'
import { mkdir, realpath, unlink } from 'node:fs/promises'
import { connect, createServer, type Server } from 'node:net'
import { basename, dirname, join } from 'node:path'
import { dataError, errorCode } from './dataError.ts'

/** Gives the directory back. Safe to call twice. */
export type ReleaseLock = () => Promise<void>

/** The shortest of the limits that operating systems put on the path of a socket. */
const SOCKET_PATH_LIMIT = 100
const ANSWER_MILLISECONDS = 500

function listen(address: string): Promise<Server> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined)
    socket.end(String(process.pid))
  })
  server.unref()
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(address, () => resolve(server))
  })
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
  })
}

/** The process that listens at an address: its id, `unknown` if it is too busy to say, `undefined` if there is none. */
function holderOf(address: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect(address)
    let answer = ''
    socket.setEncoding('utf8')
    socket.setTimeout(ANSWER_MILLISECONDS, () => socket.destroy())
    socket.on('data', (text: string) => {
      answer += text
    })
    socket.on('error', (error) => {
      const gone = ['ECONNREFUSED', 'ENOENT'].includes(errorCode(error) ?? '')
      resolve(gone ? undefined : 'unknown')
    })
    socket.on('close', () => resolve(answer || 'unknown'))
  })
}

async function claim(address: string, directory: string): Promise<Server> {
  try {
    return await listen(address)
  } catch (error) {
    if (errorCode(error) !== 'EADDRINUSE') throw error
    const holder = (await holderOf(address)) ?? 'unknown'
    throw dataError(
      'DATA_DIRECTORY_LOCKED',
      `The data directory ${directory} is in use by another process (pid ${holder}): ` +
        'stop it, or give this one a directory or a database of its own.',
      error
    )
  }
}

/**
 * A socket file outlives its process, so one that nobody answers at is removed. Some network file systems
 * hold no sockets: there the abstract name has to do.
 */
async function claimFile(path: string, directory: string): Promise<Server | undefined> {
  if (Buffer.byteLength(path) > SOCKET_PATH_LIMIT) return undefined
  if ((await holderOf(path)) === undefined) await unlink(path).catch(() => undefined)
  try {
    return await claim(path, directory)
  } catch (error) {
    if (['ENOTSUP', 'EOPNOTSUPP', 'EPERM'].includes(errorCode(error) ?? '')) return undefined
    throw error
  }
}

/**
 * Makes this process the only one that uses a directory, which need not exist yet; its parent is made.
 * The lock is a listening socket, so that it ends with its process, however that ends. On Linux there are
 * two: an abstract name, which the kernel hands out atomically, and `<directory>.lock` beside the
 * directory, which also keeps out a container that mounts the same volume but has a network of its own.
 *
 * @throws `DATA_DIRECTORY_LOCKED` while somebody else, in this process or another, has it.
 */
export async function lockDirectory(directory: string): Promise<ReleaseLock> {
  await mkdir(dirname(directory), { recursive: true })
  const path = join(await realpath(dirname(directory)), basename(directory))
  const key = createHash('sha256').update(path).digest('hex').slice(0, 32)
  const servers: (Server | undefined)[] = []
  const release = async () => {
    for (const server of servers.splice(0)) if (server) await close(server)
  }

  try {
    if (process.platform === 'win32') servers.push(await claim(`\\\\.\\pipe\\signalbox-${key}`, directory))
    if (process.platform === 'linux') servers.push(await claim(`\0signalbox-${key}`, directory))
    if (process.platform !== 'win32') servers.push(await claimFile(`${path}.lock`, directory))
    return release
  } catch (error) {
    await release()
    throw error
  }
}
