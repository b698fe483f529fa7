import { LRUCache } from 'lru-cache'

export interface RateLimitOptions {
  /** Sustained. */
  readonly perSecond: number
  /** At once, after a pause. */
  readonly burst: number
  /** Callers that are remembered. The one that was quiet for longest is forgotten first. */
  readonly callers?: number
  /** Milliseconds that only grow. */
  readonly now?: () => number
}

/**
 * How often each caller may come: a bucket of `burst` tokens that fills up with `perSecond`. Kept is one number for
 * each caller, the time at which the bucket will be full again (the GCRA of ATM networks), so it needs no timer and
 * cannot grow.
 */
export class RateLimit {
  readonly #interval: number
  readonly #tolerance: number
  readonly #full: LRUCache<string, number>
  readonly #now: () => number

  constructor({ perSecond, burst, callers = 100_000, now = () => performance.now() }: RateLimitOptions) {
    this.#interval = 1000 / perSecond
    this.#tolerance = burst * this.#interval
    this.#full = new LRUCache({ max: callers })
    this.#now = now
  }

  /** Takes one token: 0 where there was one, else the milliseconds until there is, and none is taken. */
  take(caller: string): number {
    const now = this.#now()
    const full = Math.max(this.#full.get(caller) ?? now, now) + this.#interval
    const wait = full - now - this.#tolerance
    if (wait > 1e-6) return wait
    this.#full.set(caller, full)
    return 0
  }
}
