import { isSignalboxError, type SignalboxError } from '../SignalboxError.ts'
import { backOff } from './backOff.ts'
import { follow } from '../events/follow.ts'
import type { Deadline } from './withDeadline.ts'

/** Tries again what failed for a reason that passes, as long as the deadline leaves time for it. */
export async function persist<T>({ signal, endsAt }: Deadline, act: () => Promise<T>): Promise<T> {
  for (let tries = 0; ; tries++) {
    try {
      return await act()
    } catch (error) {
      if (!isPassing(error, tries)) throw error
      const pauseMs = pauseAfter(error as SignalboxError, tries)
      if (Date.now() + pauseMs >= endsAt) throw error
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, pauseMs)
        follow(signal, () => {
          clearTimeout(timer)
          resolve()
        })
      })
      signal.throwIfAborted()
    }
  }
}

/** Whether another try may succeed: no answer came, or none but that there is too much to do, or nobody to do it. */
export function isPassing(error: unknown, tries = 0): boolean {
  if (!isSignalboxError(error)) return false
  const { status, message } = error
  // The first try, whose answer was lost, is still being worked on.
  if (tries && status === 409) return /^Idempotency-Key.*still running/.test(message)
  return !status || status === 429 || status > 500
}

function pauseAfter({ data }: SignalboxError, tries: number): number {
  const seconds = data['retryAfter']
  if (typeof seconds === 'number') return seconds * 1000
  return backOff(tries)
}
