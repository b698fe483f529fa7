/** A copy as it arrives at the platform: dates as texts, and without what is undefined. */
export function plain<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T
}
