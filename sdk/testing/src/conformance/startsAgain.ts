import { temporaryDirectory } from '../temporaryDirectory.ts'
import { readDocuments } from './readDocuments.ts'
import type { Candidate } from './Check.ts'
import { assertRunning } from './live/runs.ts'
import { nameOf, startCandidate } from './openSubject.ts'
import { Samples } from './Samples.ts'

export const startsAgainTitle = 'starts again on its own data'

/** Rejects where a plugin does not come back on a database that it has filled, or has lost what was in it. */
export async function startsAgain(candidate: Candidate): Promise<void> {
  const { path: dataDirectory, remove } = await temporaryDirectory()
  try {
    const made = await fill(candidate, dataDirectory)
    const platform = await startCandidate(candidate, { dataDirectory })
    try {
      await assertRunning(platform, nameOf(candidate))
      const { api } = await platform.admin()
      for (const record of made) {
        const { status } = await api('GET', record)
        if (status !== 200)
          throw new Error(`GET ${record} answered ${status} after the second start, and not 200`)
      }
    } finally {
      await platform.stop()
    }
  } finally {
    await remove()
  }
}

/** Runs it once and leaves a record of each resource behind; resolves with their places. */
async function fill(candidate: Candidate, dataDirectory: string): Promise<string[]> {
  const platform = await startCandidate(candidate, { dataDirectory })
  try {
    const plugin = candidate.plugin()
    const own = plugin.resources ?? []
    const resources = [...own, ...(candidate.needs ?? []).flatMap((make) => make().resources ?? [])]
    const given = candidate.samples ?? {}
    const documents = await readDocuments(platform)
    const samples = new Samples({ platform, documents, resources, given })
    const { api } = await platform.admin()
    const places: string[] = []
    for (const resource of own) {
      if (given[resource.path] === null) continue
      const { status, body } = await api('POST', `/${resource.path}`, await samples.of(resource))
      if (status === 201) places.push(`/${resource.path}/${encodeURIComponent(body.id)}`)
    }
    return places
  } finally {
    await platform.stop()
  }
}
