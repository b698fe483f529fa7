/** Work whose cost is asked for. */
export interface Measured<T> {
  readonly value: T
  readonly seconds: number
  /** Seconds that all threads of this process computed meanwhile. */
  readonly cpuSeconds: number
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other)
  const middle = sorted.length >> 1
  const upper = sorted[middle] ?? Number.NaN
  return sorted.length % 2 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2
}

/** The value below which this share of them lies. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = Float64Array.from(values).sort()
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}

/** Runs `work` and tells the time that it took and that this process computed. */
export async function measure<T>(work: () => Promise<T>): Promise<Measured<T>> {
  const cpu = process.cpuUsage()
  const start = performance.now()
  const value = await work()
  const seconds = (performance.now() - start) / 1000
  const { user, system } = process.cpuUsage(cpu)
  return { value, seconds, cpuSeconds: (user + system) / 1e6 }
}

/** Runs a round once to warm up, and then `count` times more, of which it returns the values. */
export async function rounds<T>(round: (number: number) => Promise<T>, count = 5): Promise<T[]> {
  const values: T[] = []
  await round(0)
  for (let number = 1; number <= count; number++) values.push(await round(number))
  return values
}

/**
 * Measures two things in turn, each round in the other order, so that what disturbs the machine or grows with time
 * disturbs both.
 */
export function pairs<T, U>(one: () => Promise<T>, other: () => Promise<U>, count = 5): Promise<[T, U][]> {
  return rounds(async (number) => {
    if (number % 2) return [await one(), await other()]
    const second = await other()
    return [await one(), second]
  }, count)
}

/** Measures many things in turn, each round beginning with the next of them. */
export function inTurn<K extends string, T>(
  works: Readonly<Record<K, () => Promise<T>>>,
  count = 5
): Promise<Record<K, T>[]> {
  const names = Object.keys(works) as K[]
  return rounds(async (number) => {
    const first = number % names.length
    const order = [...names.slice(first), ...names.slice(0, first)]
    const results: Partial<Record<K, T>> = {}
    for (const name of order) results[name] = await works[name]()
    return results as Record<K, T>
  }, count)
}
