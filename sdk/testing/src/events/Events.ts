/** One event as a socket heard it. */
export interface HeardEvent {
  /** `station-changed`, `stations created`, or the name of a named event. */
  readonly name: string
  readonly payload: any
}

export interface NextOptions<T> {
  /** Passes over the events that it says false to; they stay for others. */
  readonly matches?: (payload: T) => boolean
  readonly timeoutMs?: number
}

interface Waiting {
  take(event: HeardEvent): boolean
}

/** Everything that a socket, or many, have heard. */
export class Events {
  readonly #heard: HeardEvent[] = []
  readonly #given = new Set<HeardEvent>()
  readonly #waiting = new Set<Waiting>()

  /** In the order in which they came. */
  get heard(): readonly HeardEvent[] {
    return this.#heard
  }

  /** The payloads of all events of this name. */
  of<T = any>(name: string): T[] {
    return this.#heard.filter((event) => event.name === name).map(({ payload }) => payload)
  }

  /**
   * The next event of this name, whether it came already or is still to come: the first that was not given out before,
   * so that it can be asked for after what causes it. After `timeoutMs`, 10 seconds unless said, it rejects with what
   * came instead.
   */
  next<T = any>(name: string, { matches = () => true, timeoutMs = 10_000 }: NextOptions<T> = {}): Promise<T> {
    const fits = (event: HeardEvent): boolean =>
      event.name === name && !this.#given.has(event) && matches(event.payload)
    const past = this.#heard.find(fits)
    if (past) {
      this.#given.add(past)
      return Promise.resolve(past.payload)
    }
    return new Promise((resolve, reject) => {
      const waiting: Waiting = {
        take: (event) => {
          if (!fits(event)) return false
          clearTimeout(timer)
          resolve(event.payload)
          return true
        }
      }
      const timer = setTimeout(() => {
        this.#waiting.delete(waiting)
        const others = [...new Set(this.#heard.map((event) => event.name))].join(', ')
        reject(new Error(`no ${name} within ${timeoutMs} ms; heard so far: ${others || 'nothing'}`))
      }, timeoutMs)
      this.#waiting.add(waiting)
    })
  }

  /** Forgets what was heard so far. */
  clear(): void {
    this.#heard.splice(0)
    this.#given.clear()
  }

  /** Takes in an event. */
  hear(event: HeardEvent): void {
    this.#heard.push(event)
    for (const waiting of this.#waiting) {
      if (!waiting.take(event)) continue
      this.#waiting.delete(waiting)
      this.#given.add(event)
      return
    }
  }
}
