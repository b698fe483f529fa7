const everyMs = 20
/** Ten minutes of samples. */
const kept = 30_000

/** How late the event loop comes to what is due: a timer's own delay, taken again and again. */
export class LoopDelay {
  readonly #samples = new Float64Array(kept)
  #count = 0
  #due = 0
  #timer: NodeJS.Timeout | undefined

  start(): void {
    this.#due = performance.now() + everyMs
    this.#timer = setInterval(() => this.#sample(), everyMs)
    this.#timer.unref()
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  /** The quantiles of the delays since the last reading, in seconds; it begins anew. */
  take(quantiles: readonly number[]): number[] {
    const sorted = this.#samples.slice(0, Math.min(this.#count, kept)).sort()
    this.#count = 0
    return quantiles.map((quantile) => {
      const place = Math.min(Math.floor(quantile * sorted.length), sorted.length - 1)
      return (sorted[place] ?? 0) / 1000
    })
  }

  #sample(): void {
    const now = performance.now()
    this.#samples[this.#count++ % kept] = Math.max(now - this.#due, 0)
    this.#due = now + everyMs
  }
}
