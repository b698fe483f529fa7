import { chmod, rename, rmdir } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { errorCode } from '../dataError.ts'
import { removeUnfinished } from '../removeUnfinished.ts'
import { syncPath, syncTree } from '../syncTree.ts'
import { openCluster } from './openCluster.ts'

/**
 * Makes a database where the directory is missing or empty. It is built beside and renamed, because a
 * cluster whose making was cut short can never be opened. The caller holds the directory's lock.
 */
export async function createCluster(directory: string): Promise<void> {
  const parent = dirname(directory)
  const prefix = `${basename(directory)}.init-`
  await removeUnfinished(parent, prefix)

  const unfinished = join(parent, `${prefix}${process.pid}`)
  const database = await openCluster(unfinished)
  await database.close()
  await chmod(unfinished, 0o700)
  await syncTree(unfinished)

  await rmdir(directory).catch((error: unknown) => {
    if (errorCode(error) !== 'ENOENT') throw error
  })
  await rename(unfinished, directory)
  await syncPath(parent)
}
