import { mkdtemp, realpath, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A directory that is empty when it is handed out. */
export interface TemporaryDirectory {
  readonly path: string
  readonly remove: () => Promise<void>
}

/** Makes an empty directory for one test or suite. */
export async function temporaryDirectory(): Promise<TemporaryDirectory> {
  const path = await mkdtemp(join(await realpath(tmpdir()), 'signalbox-test-'))
  return { path, remove: () => rm(path, { recursive: true, force: true }) }
}
