import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'

/** Clears away what a killed process was building in `parent`. The caller holds the lock under which it is built. */
export async function removeUnfinished(parent: string, prefix: string): Promise<void> {
  const names = await readdir(parent)
  const unfinished = names.filter((name) => name.startsWith(prefix))
  await Promise.all(unfinished.map((name) => rm(join(parent, name), { recursive: true, force: true })))
}
