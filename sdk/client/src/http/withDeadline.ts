import { follow } from '../events/follow.ts'
import { SignalboxError } from '../SignalboxError.ts'

/** How long a call may still take. */
export interface Deadline {
  /** Aborts when the call is over before its answer came. */
  readonly signal: AbortSignal
  readonly endsAt: number
}

export interface DeadlineOptions {
  readonly timeoutMs: number
  /** Any of them ends the call. */
  readonly signals: readonly (AbortSignal | undefined)[]
  /** Names the call. */
  readonly what: string
  /** What kept the answer from coming, where that is known when its time is over. */
  readonly why?: () => SignalboxError | undefined
}

/** The longest time that a timer takes. */
const longest = 2 ** 31 - 1

/** Runs a call that has its time and can be ended; it settles then, whatever the call does. */
export async function withDeadline<T>(
  { what, timeoutMs, signals, why }: DeadlineOptions,
  act: (deadline: Deadline) => Promise<T>
): Promise<T> {
  const controller = new AbortController()
  const { signal } = controller
  const end = (): void => controller.abort(why?.() ?? timeoutOf(what, timeoutMs))
  const timer = timeoutMs < longest ? setTimeout(end, timeoutMs) : undefined
  const stops = signals.map((source) => source && follow(source, () => controller.abort(source.reason)))
  try {
    const ended = new Promise<never>((_, reject) => {
      follow(signal, () => reject(signal.reason as Error))
    })
    return await Promise.race([ended, act({ signal, endsAt: Date.now() + timeoutMs })])
  } finally {
    clearTimeout(timer)
    stops.forEach((stop) => stop?.())
  }
}

export function timeoutOf(what: string, timeoutMs: number): SignalboxError {
  return new SignalboxError('timeout', `${what}: no answer came within ${timeoutMs} ms.`)
}
