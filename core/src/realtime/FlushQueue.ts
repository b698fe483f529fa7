export interface FlushQueueOptions<T> {
  /** Flushes what has collected. */
  readonly flush: (items: readonly T[]) => void
  /** The longest that an item waits which may, in milliseconds; with 0 none does. */
  readonly windowMs: number
  readonly now?: () => number
}

/** The share of the time that flushing may take before anything waits. */
const flushingShare = 0.05

/**
 * Collects what is to be flushed and flushes it together, at the end of the turn of the event loop. What may wait does
 * so under load: the next flush is the later the longer the last one took, but never later than the window. So an idle
 * server waits for nothing, and a busy one makes one flush of many.
 */
export class FlushQueue<T> {
  readonly #flush: (items: readonly T[]) => void
  readonly #windowMs: number
  readonly #now: () => number
  #urgent: T[] = []
  #patient: T[] = []
  #nextFlush = 0

  constructor({ flush, windowMs, now = () => performance.now() }: FlushQueueOptions<T>) {
    this.#flush = flush
    this.#windowMs = windowMs
    this.#now = now
  }

  /** Flushes an item at the end of this turn. */
  add(item: T): void {
    if (this.#urgent.push(item) === 1) setImmediate(this.#flushUrgent)
  }

  /** Flushes an item at the end of this turn or, under load, of the window. */
  addPatient(item: T): void {
    if (this.#patient.push(item) > 1) return
    const rest = this.#nextFlush - this.#now()
    if (rest < 1) setImmediate(this.#flushPatient)
    // What keeps the process alive is the sockets.
    else setTimeout(this.#flushPatient, rest).unref()
  }

  readonly #flushUrgent = (): void => {
    const items = this.#urgent
    this.#urgent = []
    this.#flush(items)
  }

  readonly #flushPatient = (): void => {
    const items = this.#patient
    this.#patient = []
    const begun = this.#now()
    this.#flush(items)
    this.#nextFlush = begun + Math.min(this.#windowMs, (this.#now() - begun) / flushingShare)
  }
}
