/**
 * `make`, remembering its last results: the `limit` keys most recently asked for are kept. A `make` that
 * throws is asked again.
 */
export function memoize<Key extends {}, Value>(make: (key: Key) => Value, { limit }: { limit: number }) {
  const kept = new Map<Key, { value: Value }>()

  return (key: Key): Value => {
    const entry = kept.get(key) ?? { value: make(key) }
    // A Map lists its keys in the order in which they were set: what was asked for last goes to the end.
    kept.delete(key)
    kept.set(key, entry)
    const [oldest] = kept.keys()
    if (kept.size > limit && oldest !== undefined) kept.delete(oldest)
    return entry.value
  }
}
