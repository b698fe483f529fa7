import type { Worker } from 'node:worker_threads'
import { errorText } from '../dataError.ts'
import type { Log } from '../Log.ts'
import { withinDeadline } from '../withinDeadline.ts'
import type { ArchiveOptions } from '../writeArchive.ts'
import type { WorkerReply, WorkerRequest } from './messages.ts'
import { startWatchdog } from './startWatchdog.ts'
import { startWorker } from './startWorker.ts'
import { sqlStateError, WorkerStream } from './WorkerStream.ts'

const FIRST_RETRY_MS = 250
const LAST_RETRY_MS = 10_000
const CLOSE_MS = 10_000

interface PendingDump {
  resolve(): void
  reject(error: Error): void
}

/** What an {@link Engine} runs on. */
export interface EngineOptions {
  readonly directory: string
  /** How long one statement may take before the worker counts as lost, in milliseconds. */
  readonly watchdogMs: number
  readonly log?: Log | undefined
}

/** Keeps one worker thread with a Postgres in it alive: starts it, carries its streams, replaces it when it is lost. */
export class Engine {
  readonly #options: EngineOptions
  readonly #streams = new Map<number, WorkerStream>()
  #lastStream = 0
  #dumps: PendingDump[] = []
  #worker: Worker | undefined
  #restart: NodeJS.Timeout | undefined
  #starting: Promise<void> | undefined
  #closing = false

  constructor(options: EngineOptions) {
    this.#options = options
  }

  /** Starts the first worker, which makes the database if asked to. */
  async start({ create }: { create: boolean }): Promise<void> {
    this.#adopt(await startWorker({ directory: this.#options.directory, create }))
  }

  state(): 'up' | 'down' {
    return this.#worker ? 'up' : 'down'
  }

  /** A stream for one `pg` connection. */
  createStream(): WorkerStream {
    const id = ++this.#lastStream
    return new WorkerStream({
      open: (stream) => {
        if (this.#worker) this.#streams.set(id, stream)
        return this.#worker !== undefined
      },
      send: (bytes) => this.#post({ type: 'data', stream: id, bytes }, [bytes.buffer]),
      closed: () => this.#streams.delete(id)
    })
  }

  /** Writes an archive of the database as it is between two statements. */
  async dump(archive: ArchiveOptions): Promise<void> {
    if (!this.#worker) throw sqlStateError('57P03', 'the embedded database is restarting')
    await new Promise<void>((resolve, reject) => {
      this.#dumps.push({ resolve, reject })
      this.#post({ type: 'dump', archive })
    })
  }

  /** Lets Postgres shut down; a worker that does not manage to is ended, which loses no commit. */
  async close(): Promise<void> {
    this.#closing = true
    clearTimeout(this.#restart)
    await this.#starting
    const worker = this.#worker
    if (!worker) return
    const exited = new Promise((resolve) => {
      worker.once('exit', resolve)
    })
    this.#post({ type: 'close' })
    if (!(await withinDeadline(exited, CLOSE_MS))) await worker.terminate()
  }

  #post(request: WorkerRequest, transfer: ArrayBuffer[] = []) {
    this.#worker?.postMessage(request, transfer)
  }

  #adopt(worker: Worker) {
    const watchdog = startWatchdog({
      limitMs: this.#options.watchdogMs,
      ping: () => this.#post({ type: 'ping' }),
      expired: () => {
        this.#options.log?.error({}, 'the embedded database does not answer: its worker is replaced')
        void worker.terminate()
      }
    })
    worker.on('message', (reply: WorkerReply) => {
      if (reply.type === 'pong') watchdog.answered()
      else this.#receive(reply)
    })
    worker.on('error', (error) => {
      this.#options.log?.error({ err: error }, `the embedded database failed: ${errorText(error)}`)
    })
    worker.on('exit', () => {
      watchdog.stop()
      this.#lose()
    })
    this.#worker = worker
  }

  #receive(reply: WorkerReply) {
    if (reply.type === 'data') this.#streams.get(reply.stream)?.push(reply.bytes)
    if (reply.type === 'dumped') {
      const dump = this.#dumps.shift()
      if (reply.error === undefined) dump?.resolve()
      else dump?.reject(new Error(reply.error))
    }
  }

  #lose() {
    this.#worker = undefined
    const error = sqlStateError('57P01', 'the embedded database stopped')
    for (const stream of this.#streams.values()) stream.destroy(error)
    for (const dump of this.#dumps.splice(0)) dump.reject(error)
    if (!this.#closing) this.#restartIn(FIRST_RETRY_MS)
  }

  #restartIn(delayMs: number) {
    this.#restart = setTimeout(() => {
      this.#starting = this.#replace(delayMs)
    }, delayMs)
    this.#restart.unref()
  }

  async #replace(delayMs: number) {
    const { directory, log } = this.#options
    try {
      this.#adopt(await startWorker({ directory, create: false }))
      log?.info({}, 'the embedded database is back')
    } catch (error) {
      log?.error({ err: error }, `the embedded database did not come back: ${errorText(error)}`)
      if (!this.#closing) this.#restartIn(Math.min(2 * delayMs, LAST_RETRY_MS))
    }
  }
}
