import { PlatformError } from '@signalbox/plugin'

export interface CallQueueLimits {
  /** Calls of one socket that are worked on at once. */
  readonly inFlight: number
  /** Calls of one socket that may wait for that; those past it are refused. */
  readonly waiting: number
  /** From so many that wait on, no more is read from the socket until half of them are done. */
  readonly pauseAt: number
}

/** Stops and starts the reading from a socket. */
export interface Reading {
  pause(): void
  resume(): void
}

/**
 * The calls of one socket: so many at once, so many that wait, and then no more is read, so that
 * a flood has to wait for itself.
 */
export class CallQueue {
  readonly #limits: CallQueueLimits
  readonly #reading: Reading
  #running = 0
  #waiting: (() => void)[] = []
  #paused = false
  readonly #rejections = new Set<(error: PlatformError) => void>()

  constructor(limits: CallQueueLimits, reading: Reading) {
    this.#limits = limits
    this.#reading = reading
  }

  /** Runs `call` when its turn has come. Rejects with `tooManyRequests` where too many wait already. */
  run<T>(call: () => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#rejections.add(reject)
      const settled = (): unknown => this.#rejections.delete(reject)
      this.#inTurn(call).then(resolve, reject).finally(settled)
    })
  }

  /** The socket is cut: every call that has no answer yet rejects, and what waits is never begun. */
  fail(error: PlatformError): void {
    this.clear()
    for (const reject of this.#rejections) reject(error)
  }

  /** The peer is gone: what waits is never begun. */
  clear(): void {
    this.#waiting = []
  }

  async #inTurn<T>(call: () => Promise<T>): Promise<T> {
    await this.#turn()
    try {
      return await call()
    } finally {
      this.#next()
    }
  }

  #turn(): Promise<void> | undefined {
    const { inFlight, waiting, pauseAt } = this.#limits
    if (this.#running < inFlight) {
      this.#running++
      return undefined
    }
    if (this.#waiting.length >= waiting) {
      throw new PlatformError('tooManyRequests', 'Too many calls at once: wait for their answers.')
    }
    return new Promise((resolve) => {
      if (this.#waiting.push(resolve) < pauseAt || this.#paused) return
      this.#paused = true
      this.#reading.pause()
    })
  }

  #next(): void {
    const next = this.#waiting.shift()
    if (next) next()
    else this.#running--
    if (!this.#paused || this.#waiting.length > this.#limits.pauseAt / 2) return
    this.#paused = false
    this.#reading.resume()
  }
}
