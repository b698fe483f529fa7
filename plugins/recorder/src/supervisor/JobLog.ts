import type { Redactor } from '../ffmpeg/redact.ts'
import { systemClock, type Clock } from './Clock.ts'
import type { LogBatcher } from './LogBatcher.ts'
import { LogRing } from './LogRing.ts'

// Said by ffmpeg of nearly every camera, and of our own pixel formats; nothing follows from it.
const NOISE = /Timestamps are unset in a packet|deprecated pixel format used/

/** Options of a `JobLog`. */
export interface JobLogOptions {
  jobId: string
  batcher: LogBatcher
  clock?: Clock
  /** Lines over this many in one second are counted and dropped. */
  linesPerSecond?: number
}

/** The log of one job over all its runs: every line is limited, redacted, folded, kept and handed on. */
export class JobLog {
  readonly #jobId: string
  readonly #batcher: LogBatcher
  readonly #clock: Clock
  readonly #linesPerSecond: number
  readonly #ring = new LogRing()
  #windowStart = 0
  #inWindow = 0
  #dropped = 0
  /** Takes the credentials out of a line; set by each run. */
  redact: Redactor = (line) => line

  constructor({ jobId, batcher, clock = systemClock, linesPerSecond = 20_000 }: JobLogOptions) {
    this.#jobId = jobId
    this.#batcher = batcher
    this.#clock = clock
    this.#linesPerSecond = linesPerSecond
  }

  /** Takes a line of the process. */
  add(line: string): void {
    if (NOISE.test(line)) return
    const now = this.#clock.monotonic()
    if (now - this.#windowStart >= 1_000) {
      this.#tellDropped()
      this.#windowStart = now
      this.#inWindow = 0
    }
    this.#inWindow += 1
    if (this.#inWindow > this.#linesPerSecond) this.#dropped += 1
    else this.#keep(this.redact(line))
  }

  /** Takes a line of the supervisor itself, which no limit holds back. */
  note(line: string): void {
    this.#keep(`[signalbox] ${this.redact(line)}`)
  }

  /** Tells what is still only counted. */
  settle(): void {
    this.#tellDropped()
    for (const line of this.#ring.settle()) this.#batcher.add(this.#jobId, line)
  }

  /** The newest lines, oldest of them first. */
  lines(limit?: number): string[] {
    return this.#ring.lines(limit)
  }

  #tellDropped(): void {
    if (this.#dropped > 0) this.#keep(`(${this.#dropped} lines dropped)`)
    this.#dropped = 0
  }

  #keep(line: string): void {
    for (const told of this.#ring.add(line)) this.#batcher.add(this.#jobId, told)
  }
}
