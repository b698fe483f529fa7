/** Throws all faults in one error, a line each. */
export function assertNoFaults(faults: readonly string[]): void {
  if (faults.length > 0) throw new Error([...new Set(faults)].join('\n'))
}
