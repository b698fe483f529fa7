import type { MessagePort } from 'node:worker_threads'
import type { PGlite } from '@electric-sql/pglite'
import { errorText } from '../dataError.ts'
import { type ArchiveOptions, writeArchive } from '../writeArchive.ts'
import type { WorkerReply, WorkerRequest } from './messages.ts'

/**
 * Answers the host's thread for as long as the worker lives. Requests are carried out one after the other;
 * a ping is answered at once, so that only a statement that does not return leaves it unanswered.
 */
export function serveCluster(database: PGlite, port: MessagePort): void {
  let session = 0
  let work = Promise.resolve()

  const reply = (message: WorkerReply, transfer: ArrayBuffer[] = []) => port.postMessage(message, transfer)

  /** Gives a new connection a session of its own: nothing of its predecessor's is left open or set. */
  async function takeSession(stream: number) {
    if (stream === session) return
    if (database.isInTransaction()) await database.exec('rollback')
    await database.exec('discard all')
    session = stream
  }

  async function speak(stream: number, bytes: Uint8Array) {
    await takeSession(stream)
    const chunks: Uint8Array[] = []
    await database.runExclusive(() =>
      database.execProtocolRawStream(bytes, { onRawData: (chunk) => chunks.push(chunk.slice()) })
    )
    if (chunks.length === 0) return
    const answer = new Uint8Array(Buffer.concat(chunks))
    reply({ type: 'data', stream, bytes: answer }, [answer.buffer])
  }

  /** Nothing is written meanwhile, so the copy is what a crash at this moment would leave: always recoverable. */
  async function dump(archive: ArchiveOptions) {
    try {
      if (!database.isInTransaction()) await database.exec('checkpoint')
      await writeArchive(archive)
      reply({ type: 'dumped' })
    } catch (error) {
      reply({ type: 'dumped', error: errorText(error) })
    }
  }

  async function close() {
    await database.close()
    reply({ type: 'closed' })
    port.close()
  }

  async function handle(request: WorkerRequest) {
    if (request.type === 'data') await speak(request.stream, request.bytes)
    if (request.type === 'dump') await dump(request.archive)
    if (request.type === 'close') await close()
  }

  port.on('message', (request: WorkerRequest) => {
    if (request.type === 'ping') return reply({ type: 'pong' })
    // an error of a statement is an answer; an error here is a broken Postgres, and ends the thread
    work = work.then(() => handle(request))
    work.catch((error: unknown) => {
      setImmediate(() => {
        throw error
      })
    })
  })
}
