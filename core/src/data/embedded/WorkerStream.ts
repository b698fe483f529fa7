import { Duplex } from 'node:stream'

/** How a {@link WorkerStream} reaches the worker. */
export interface WorkerLink {
  /** Registers the stream; `false` while no worker serves. */
  open(stream: WorkerStream): boolean
  send(bytes: Uint8Array<ArrayBuffer>): void
  closed(): void
}

/** An error with one of Postgres's own codes, as a server that goes away would send it. */
export function sqlStateError(code: '57P01' | '57P03', message: string): Error {
  return Object.assign(new Error(message), { code })
}

/** What `pg` takes for a network socket: the wire protocol over messages to the worker thread. */
export class WorkerStream extends Duplex {
  readonly #link: WorkerLink

  constructor(link: WorkerLink) {
    super()
    this.#link = link
  }

  /** Called by `pg`, with a host and a port that mean nothing here. */
  connect(): this {
    const open = this.#link.open(this)
    process.nextTick(() => {
      if (open) this.emit('connect')
      else this.destroy(sqlStateError('57P03', 'the embedded database is restarting'))
    })
    return this
  }

  setNoDelay(): this {
    return this
  }

  setKeepAlive(): this {
    return this
  }

  ref(): this {
    return this
  }

  unref(): this {
    return this
  }

  override _read(): void {}

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.#link.send(new Uint8Array(chunk))
    done()
  }

  override _writev(chunks: { chunk: Buffer }[], done: () => void): void {
    this.#link.send(new Uint8Array(Buffer.concat(chunks.map(({ chunk }) => chunk))))
    done()
  }

  override _final(done: () => void): void {
    this.push(null)
    done()
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#link.closed()
    done(error)
  }
}
