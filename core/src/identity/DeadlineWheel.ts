export interface DeadlineWheelOptions<T> {
  readonly due: (item: T) => void
  /** How late an item may be handed over, in milliseconds. */
  readonly stepMs?: number
  readonly now?: () => number
}

/** Many deadlines on one timer: an item is handed over once, never before its time and one step after it at most. */
export class DeadlineWheel<T> {
  readonly #due: (item: T) => void
  readonly #stepMs: number
  readonly #now: () => number
  readonly #slots = new Map<number, Set<T>>()
  readonly #slotOf = new Map<T, number>()
  readonly #timer: NodeJS.Timeout

  constructor({ due, stepMs = 250, now = Date.now }: DeadlineWheelOptions<T>) {
    this.#due = due
    this.#stepMs = stepMs
    this.#now = now
    this.#timer = setInterval(() => this.turn(), stepMs).unref()
  }

  /** Sets an item's one deadline, in milliseconds since 1970; an earlier one is dropped. */
  set(item: T, at: number): void {
    this.delete(item)
    const slot = Math.ceil(at / this.#stepMs)
    const items = this.#slots.get(slot) ?? new Set()
    this.#slots.set(slot, items.add(item))
    this.#slotOf.set(item, slot)
  }

  delete(item: T): void {
    const slot = this.#slotOf.get(item)
    if (slot === undefined) return
    this.#slotOf.delete(item)
    const items = this.#slots.get(slot)
    items?.delete(item)
    if (!items?.size) this.#slots.delete(slot)
  }

  /** Items that wait. */
  get size(): number {
    return this.#slotOf.size
  }

  /** Hands over what is due. The timer does it; a clock that was set forward is caught up with. */
  turn(): void {
    const current = Math.floor(this.#now() / this.#stepMs)
    const due = [...this.#slots].filter(([slot]) => slot <= current).toSorted(([one], [other]) => one - other)
    for (const item of due.flatMap(([, items]) => [...items])) {
      this.delete(item)
      this.#due(item)
    }
  }

  close(): void {
    clearInterval(this.#timer)
  }
}
