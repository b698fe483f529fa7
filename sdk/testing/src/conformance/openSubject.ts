import { shortName } from '@signalbox/core'
import { testPlatform, type TestPlatform } from '../platform/testPlatform.ts'
import type { Candidate, Subject } from './Check.ts'
import { readDocuments } from './readDocuments.ts'
import { roundTrip, type RoundTrip } from './roundTrip.ts'
import { Samples } from './Samples.ts'

/** The short name of a candidate. */
export function nameOf({ name, plugin }: Candidate): string {
  return name ?? shortName(plugin().name)
}

/** Starts a platform with the candidate and what it needs. */
export function startCandidate(
  { plugin, needs = [] }: Candidate,
  config: NonNullable<Parameters<typeof testPlatform>[0]>['config'] = {}
): Promise<TestPlatform> {
  // Listed last-needed first: its place in the configuration must not matter.
  return testPlatform({ plugins: [plugin(), ...needs.map((make) => make())], config })
}

/** Starts a candidate, to look at it from outside. */
export async function openSubject(candidate: Candidate): Promise<Subject> {
  const platform = await startCandidate(candidate)
  const plugin = candidate.plugin()
  const documents = await readDocuments(platform)
  const resources = [plugin, ...(candidate.needs ?? []).map((make) => make())].flatMap(
    (one) => one.resources ?? []
  )
  let trips: Promise<readonly RoundTrip[]> | undefined

  const travel = async (): Promise<RoundTrip[]> => {
    const given = candidate.samples ?? {}
    const samples = new Samples({ platform, documents, resources, given })
    const made: RoundTrip[] = []
    for (const resource of plugin.resources ?? []) {
      if (given[resource.path] === null) continue
      made.push(await roundTrip({ resource, platform, documents, samples }))
    }
    await samples.clear()
    return made
  }
  return {
    name: nameOf(candidate),
    plugin,
    platform,
    documents,
    roundTrips: () => (trips ??= travel())
  }
}
