import { systemClock, type Clock, type ClockTimer } from './Clock.ts'
import type { JobLogBatch } from './SupervisorEvents.ts'

/** Options of a `LogBatcher`. */
export interface LogBatcherOptions {
  emit: (batch: JobLogBatch) => void
  clock?: Clock
  /** Milliseconds that a line waits at most. */
  everyMs?: number
}

/** Gathers the lines of all jobs and hands them on together: one message for each job and interval. */
export class LogBatcher {
  readonly #emit: (batch: JobLogBatch) => void
  readonly #clock: Clock
  readonly #everyMs: number
  #pending = new Map<string, string[]>()
  #timer: ClockTimer

  constructor({ emit, clock = systemClock, everyMs = 100 }: LogBatcherOptions) {
    this.#emit = emit
    this.#clock = clock
    this.#everyMs = everyMs
  }

  add(jobId: string, line: string): void {
    const lines = this.#pending.get(jobId)
    if (lines) lines.push(line)
    else this.#pending.set(jobId, [line])
    this.#timer ??= this.#clock.setTimeout(() => this.flush(), this.#everyMs)
  }

  /** Hands on at once what is waiting. */
  flush(): void {
    this.#clock.clearTimeout(this.#timer)
    this.#timer = undefined
    const pending = this.#pending
    this.#pending = new Map()
    for (const [jobId, lines] of pending) this.#emit({ jobId, lines })
  }
}
