export interface RedisOutboxOptions {
  /** Writes texts as one; undefined where there is nowhere to write. */
  readonly write: (texts: readonly string[]) => Promise<unknown> | undefined
}

/** Bytes that may wait for an answer, and what a text takes beside its letters. */
const unansweredLimit = 8 * 1024 * 1024
const overhead = 100
/** Bytes that are written as one. */
const parcelSize = 16 * 1024

/**
 * What waits to be written: the texts of one turn of the event loop go together. Handing something in neither waits nor
 * throws; what cannot be written, or is too much to wait, is skipped and counted.
 */
export class RedisOutbox {
  readonly #write: RedisOutboxOptions['write']
  #parcel: string[] = []
  #parcelSize = 0
  #soon: NodeJS.Immediate | undefined
  #unanswered = 0
  /** When a write was last answered, or none was to be answered. */
  #answeredAt = 0
  #sent = 0
  #skipped = 0

  constructor({ write }: RedisOutboxOptions) {
    this.#write = write
  }

  /** Texts that were written. */
  get sent(): number {
    return this.#sent
  }

  get skipped(): number {
    return this.#skipped
  }

  /** Milliseconds for which what was written has had no answer. */
  get silence(): number {
    return this.#unanswered > 0 ? performance.now() - this.#answeredAt : 0
  }

  add(text: string): void {
    const size = text.length + overhead
    if (this.#unanswered + size > unansweredLimit) {
      this.#skipped++
      return
    }
    if (this.#unanswered === 0) this.#answeredAt = performance.now()
    this.#unanswered += size
    this.#parcelSize += size
    this.#parcel.push(text)
    if (this.#parcelSize > parcelSize) this.flush()
    else this.#soon ??= setImmediate(() => this.flush())
  }

  /** Writes what has been handed in. */
  flush(): void {
    clearImmediate(this.#soon)
    this.#soon = undefined
    const [parcel, size] = [this.#parcel, this.#parcelSize]
    if (!parcel.length) return
    this.#parcel = []
    this.#parcelSize = 0
    const answered = (taken: boolean): void => {
      this.#answeredAt = performance.now()
      this.#unanswered -= size
      if (taken) this.#sent += parcel.length
      else this.#skipped += parcel.length
    }
    const written = this.#write(parcel)
    if (!written) return answered(false)
    written.then(
      () => answered(true),
      () => answered(false)
    )
  }
}
