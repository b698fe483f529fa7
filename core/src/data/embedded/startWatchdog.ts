/** Watches one worker. */
export interface Watchdog {
  /** The worker has answered the last ping. */
  answered(): void
  stop(): void
}

/** How a {@link Watchdog} asks, how long it waits for an answer and what it does without one. */
export interface WatchdogOptions {
  readonly ping: () => void
  readonly expired: () => void
  readonly limitMs: number
}

/**
 * Calls `expired` once when a ping stays unanswered for `limitMs`. It counts its own ticks instead of reading
 * a clock: a host that was itself held up has had no chance to see the answer.
 */
export function startWatchdog({ ping, expired, limitMs }: WatchdogOptions): Watchdog {
  const everyMs = Math.min(1000, limitMs / 4)
  let waitedMs: number | undefined

  const timer = setInterval(() => {
    if (waitedMs === undefined) {
      waitedMs = 0
      ping()
      return
    }
    waitedMs += everyMs
    if (waitedMs < limitMs) return
    clearInterval(timer)
    expired()
  }, everyMs)
  timer.unref()

  return {
    answered: () => {
      waitedMs = undefined
    },
    stop: () => clearInterval(timer)
  }
}
