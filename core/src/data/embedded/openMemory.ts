import { once } from 'node:events'
import { MessageChannel } from 'node:worker_threads'
import { PGlite } from '@electric-sql/pglite'
import type { Log } from '../Log.ts'
import { withinDeadline } from '../withinDeadline.ts'
import { createPool } from './createPool.ts'
import type { WorkerReply, WorkerRequest } from './messages.ts'
import type { EmbeddedDatabase } from './openEmbedded.ts'
import { POSTGRES_MAJOR } from './postgresMajor.ts'
import { serveCluster } from './serveCluster.ts'
import { vacuumTables } from './vacuumTables.ts'
import { WorkerStream } from './WorkerStream.ts'

/** The `databaseUrl` of a database that is in memory only. */
export const memoryUrl = 'memory:'

const DRAIN_MS = 10_000

/** A cluster in which nothing has happened yet. Making one takes seconds, copying it a part of one. */
let pristine: Promise<Blob> | undefined

async function createCluster(): Promise<PGlite> {
  if (pristine) return await PGlite.create({ loadDataDir: await pristine })
  const database = await PGlite.create()
  pristine ??= database.dumpDataDir('none')
  await pristine
  return database
}

/**
 * Opens an empty Postgres that is gone when it is closed. It runs in the thread of whoever opens it: there is
 * nothing to keep safe from a statement that never ends.
 */
export async function openMemory({
  log
}: {
  readonly log?: Log | undefined
}): Promise<Omit<EmbeddedDatabase, 'dump'>> {
  const { port1: port, port2 } = new MessageChannel()
  const streams = new Map<number, WorkerStream>()
  const post = (request: WorkerRequest, transfer: ArrayBuffer[] = []): void =>
    port.postMessage(request, transfer)
  let count = 0
  let closed: Promise<void> | undefined

  serveCluster(await createCluster(), port2)
  port.on('message', (reply: WorkerReply) => {
    if (reply.type === 'data') streams.get(reply.stream)?.push(reply.bytes)
  })
  const pool = createPool({ stream: createStream, log })

  function createStream(): WorkerStream {
    const id = ++count
    return new WorkerStream({
      open: (stream) => {
        streams.set(id, stream)
        return closed === undefined
      },
      send: (bytes) => post({ type: 'data', stream: id, bytes }, [bytes.buffer]),
      closed: () => void streams.delete(id)
    })
  }

  async function close(): Promise<void> {
    if (!(await withinDeadline(pool.end(), DRAIN_MS)))
      log?.warn({}, 'closing the database under open queries')
    const ended = once(port, 'close')
    post({ type: 'close' })
    await ended
  }

  const { rows } = await pool.query<{ server_version: string }>('show server_version')
  return {
    pool,
    version: rows[0]?.server_version ?? POSTGRES_MAJOR,
    state: () => (closed ? 'down' : 'up'),
    vacuum: () => vacuumTables(pool),
    close: () => (closed ??= close())
  }
}
