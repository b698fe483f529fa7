import { isPlainObject } from './Schema.ts'

/** Lays one value over another: plain objects field by field, all else whole. What is `undefined` is not there. */
export function merge(below: unknown, above: unknown): unknown {
  if (above === undefined) return below
  if (!isPlainObject(above)) return above

  const result = isPlainObject(below) ? { ...below } : {}

  for (const [key, value] of Object.entries(above)) {
    const merged = merge(result[key], value)

    if (merged !== undefined) result[key] = merged
  }

  return result
}
