/** The keys of a record whose keys are known. */
export function keysOf<K extends string>(record: Readonly<Record<K, unknown>>): K[] {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Object.keys forgets the type of the keys
  return Object.keys(record) as K[]
}
