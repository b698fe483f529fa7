import { listeners, type Listeners } from './listeners.ts'

/** One listener of each signal tells all others: Node warns of a leak where a signal has more than ten. */
const followers = new WeakMap<AbortSignal, Listeners<void>>()

/** Hears the end of a signal, at once where it has ended; returns the way to stop. */
export function follow(signal: AbortSignal, listener: () => void): () => void {
  const all = followers.get(signal) ?? listeners<void>()
  if (signal.aborted) listener()
  else if (!followers.has(signal)) signal.addEventListener('abort', () => all.tell())
  followers.set(signal, all)
  return all.add(listener)
}
