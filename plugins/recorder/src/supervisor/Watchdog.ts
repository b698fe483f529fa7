import { systemClock, type Clock, type ClockTimer } from './Clock.ts'

/** Something that has to show from time to time that it is alive. */
export interface Watched {
  /** Milliseconds without a sign of life that are still right. */
  stallAfterMs: number
  /** Monotonic time of the last sign. */
  lastSign(): number
  onStall(): void
}

/** Options of a `Watchdog`. */
export interface WatchdogOptions {
  clock?: Clock
  everyMs?: number
}

/** Looks after all runs with one timer, which stands still while nothing is watched. */
export class Watchdog {
  readonly #clock: Clock
  readonly #everyMs: number
  readonly #watched = new Set<Watched>()
  #timer: ClockTimer
  #due = 0

  constructor({ clock = systemClock, everyMs = 1_000 }: WatchdogOptions = {}) {
    this.#clock = clock
    this.#everyMs = everyMs
  }

  /** Watches until the returned function is called, or until the stall, which is told once. */
  watch(watched: Watched): () => void {
    this.#watched.add(watched)
    if (this.#timer === undefined) this.#arm()
    return () => {
      this.#watched.delete(watched)
      if (this.#watched.size === 0) this.#disarm()
    }
  }

  #arm(): void {
    this.#due = this.#clock.monotonic() + this.#everyMs
    this.#timer = this.#clock.setTimeout(() => this.#tick(), this.#everyMs)
  }

  #disarm(): void {
    this.#clock.clearTimeout(this.#timer)
    this.#timer = undefined
  }

  #tick(): void {
    const now = this.#clock.monotonic()
    // A late tick means that this process stood still: the signs of life are waiting, unread, in the pipes.
    const late = now - this.#due > this.#everyMs
    this.#arm()
    if (late) return
    for (const watched of this.#watched) {
      if (now - watched.lastSign() < watched.stallAfterMs) continue
      this.#watched.delete(watched)
      watched.onStall()
    }
    if (this.#watched.size === 0) this.#disarm()
  }
}
