import { follow } from './follow.ts'
import type { EventSource } from '../ResourceClient.ts'
import type { SignalboxError } from '../SignalboxError.ts'

/** Hears an event; returns the way to stop. */
export type Hear = (event: string, listener: (payload: any) => unknown) => () => void

/** Gives listeners and iterators of what can be heard. A refusal of the platform is what the iterators throw. */
export function eventSource<E>(hear: Hear, closing: AbortSignal): EventSource<E> {
  return { on: hear, events: (event, { signal } = {}) => iterate(event, hear, [closing, signal]) }
}

/** What comes while nobody asks is kept until somebody does. */
function iterate(
  event: string,
  hear: Hear,
  ends: readonly [AbortSignal, AbortSignal | undefined]
): AsyncIterableIterator<any> {
  const kept: unknown[] = []
  const waiting: (() => void)[] = []
  let isOver = false
  const wake = (): void => waiting.splice(0).forEach((resolve) => resolve())
  const end = (): void => {
    isOver = true
    stops.forEach((stop) => stop())
    wake()
  }
  const stops = [
    hear(event, (payload) => {
      kept.push(payload)
      wake()
    })
  ]
  for (const signal of ends) if (signal) stops.push(follow(signal, end))
  return {
    async next() {
      for (;;) {
        if (kept.length) return { value: kept.shift(), done: false }
        const refusal = ends[0].reason as SignalboxError | undefined
        if (refusal?.status) throw refusal
        if (isOver) return { value: undefined, done: true }
        await new Promise<void>((resolve) => waiting.push(resolve))
      }
    },
    async return() {
      kept.length = 0
      end()
      return { value: undefined, done: true }
    },
    [Symbol.asyncIterator]() {
      return this
    }
  }
}
