/** A timer of a `Clock`, to be given back to `clearTimeout`. */
export type ClockTimer = NodeJS.Timeout | number | undefined

/** Time as the supervisor sees it, so that a test can move it. */
export interface Clock {
  /** Milliseconds since the epoch: what is written down. */
  now(): number
  /** Milliseconds that no change of the system's clock moves: what is waited for. */
  monotonic(): number
  setTimeout(callback: () => void, ms: number): ClockTimer
  clearTimeout(timer: ClockTimer): void
}

/** The clock of the machine. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  setTimeout: (callback, ms) => setTimeout(callback, ms),
  clearTimeout: (timer) => clearTimeout(timer)
}

/** Resolves after `ms`, or at once when `signal` aborts. Never rejects. */
export function pause(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve()
    const done = () => {
      clock.clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
    const timer = clock.setTimeout(done, ms)
    signal.addEventListener('abort', done)
  })
}
