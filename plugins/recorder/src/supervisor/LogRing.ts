function withoutNumbers(line: string): string {
  return line.replace(/0x[0-9a-f]+|\d+/g, '#')
}

function isRepeat(line: string, last: string): boolean {
  if (line === last) return true
  // A warning that ffmpeg gives for each packet differs in the packet's numbers only.
  return (
    line.includes('[warning]') && last.includes('[warning]') && withoutNumbers(line) === withoutNumbers(last)
  )
}

function repeats(count: number): string {
  return `(last line repeated ${count} ${count === 1 ? 'time' : 'times'})`
}

/** Options of a `LogRing`. */
export interface LogRingOptions {
  capacity?: number
}

/** The last lines of one job, in memory. Lines that repeat the one before are counted, not kept. */
export class LogRing {
  readonly #capacity: number
  #lines: string[] = []
  #last: string | undefined
  #repeated = 0

  constructor({ capacity = 500 }: LogRingOptions = {}) {
    this.#capacity = capacity
  }

  /** Takes a line and returns what a reader who follows has to be told: none, the line, or a count and the line. */
  add(line: string): string[] {
    if (this.#last !== undefined && isRepeat(line, this.#last)) {
      this.#repeated += 1
      return []
    }
    const told = [...this.settle(), line]
    this.#last = line
    this.#keep([line])
    return told
  }

  /** Ends a series of repeats; returns its count as a line, if there was one. */
  settle(): string[] {
    const told = this.#repeated > 0 ? [repeats(this.#repeated)] : []
    this.#repeated = 0
    this.#last = undefined
    this.#keep(told)
    return told
  }

  /** The newest lines, oldest of them first. */
  lines(limit: number = this.#capacity): string[] {
    const all = this.#repeated > 0 ? [...this.#lines, repeats(this.#repeated)] : this.#lines
    return limit > 0 ? all.slice(-Math.min(limit, this.#capacity)) : []
  }

  #keep(lines: string[]): void {
    this.#lines.push(...lines)
    if (this.#lines.length > 2 * this.#capacity) this.#lines = this.#lines.slice(-this.#capacity)
  }
}
