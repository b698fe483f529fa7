import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { errorCode } from './errorCode.ts'
import { INCOMING, RunFolder } from './RunFolder.ts'
import type { RecordedFile } from './types.ts'

/** Options of `adoptLeftovers`. */
export interface AdoptOptions {
  /** Runs that still write. */
  liveRuns?: ReadonlySet<string>
}

async function runsIn(outputDirectory: string): Promise<string[]> {
  try {
    return await readdir(join(outputDirectory, INCOMING))
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return []
    throw error
  }
}

async function finish(folder: RunFolder): Promise<RecordedFile[]> {
  const adopted: RecordedFile[] = []
  for (const name of await folder.files()) {
    const file = await folder.salvage(name, await folder.span(name))
    if (file) adopted.push(file)
  }
  await folder.remove()
  return adopted
}

/**
 * Finishes what dead runs left in a job's folder: every file that can be played is moved to its place. To be called at boot after
 * `endOrphans`, before any job starts. A folder without a readable `run.json` is left alone.
 */
export async function adoptLeftovers(
  outputDirectory: string,
  { liveRuns = new Set() }: AdoptOptions = {}
): Promise<RecordedFile[]> {
  const adopted: RecordedFile[] = []
  for (const runId of await runsIn(outputDirectory)) {
    if (liveRuns.has(runId)) continue
    const folder = await RunFolder.open(outputDirectory, runId).catch(() => undefined)
    if (folder) adopted.push(...(await finish(folder)))
  }
  return adopted
}
