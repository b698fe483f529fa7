/** Those who hear of something. */
export interface Listeners<T> {
  /** Returns the way to stop. */
  add(listener: (value: T) => unknown): () => void
  /** Tells all; one that throws keeps nothing from the others. */
  tell(value: T): void
}

export function listeners<T>(): Listeners<T> {
  const all = new Set<(value: T) => unknown>()
  return {
    add(listener) {
      // Of its own, so that one function may be added twice.
      const own = (value: T): unknown => listener(value)
      all.add(own)
      return () => void all.delete(own)
    },
    tell(value) {
      // Who is added by one of them is not told this.
      for (const listener of Array.from(all)) if (all.has(listener)) void call(listener, value)
    }
  }
}

/** The fault of a listener is shown where the page, or Node, shows faults that nobody handles. */
async function call<T>(listener: (value: T) => unknown, value: T): Promise<void> {
  try {
    await listener(value)
  } catch (error) {
    const { reportError = console.error } = globalThis as { reportError?: (error: unknown) => void }
    reportError(error)
  }
}
