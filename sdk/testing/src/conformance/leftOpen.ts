import { until } from '../until.ts'

/** What keeps a process from ending, by the names that Node gives it, and how many of each. */
export type Resources = ReadonlyMap<string, number>

/** What keeps this process at the moment. */
export function openResources(): Resources {
  const counts = new Map<string, number>()
  for (const type of process.getActiveResourcesInfo()) counts.set(type, (counts.get(type) ?? 0) + 1)
  return counts
}

/** Waits until no more is open than before; rejects with what still is after ten seconds. */
export async function assertNothingLeft(before: Resources): Promise<void> {
  const left = (): string[] =>
    [...openResources()].filter(([type, count]) => count > (before.get(type) ?? 0)).map(([type]) => type)
  await until('nothing to be left open', () => left().length === 0, { timeoutMs: 10_000 }).catch(() => {
    throw new Error(
      `something is left open by the stop (${left().join(', ')}): close in ctx.defer what start has opened`
    )
  })
}
