import { mkdir, readdir, readFile, rename, rm } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { extract } from 'tar'
import { backupEntries, type BackupManifest } from './BackupManifest.ts'
import { dataError, errorCode } from './dataError.ts'
import { assertMajor, MAJOR_FILE } from './embedded/postgresMajor.ts'
import { lockDirectory } from './lockDirectory.ts'
import { readManifest } from './readManifest.ts'
import { removeUnfinished } from './removeUnfinished.ts'
import { syncPath, syncTree } from './syncTree.ts'

/** What {@link restore} reads and where it puts it. */
export interface RestoreOptions {
  /** A backup that `backup` or `dump` wrote. */
  readonly file: string
  /** The data directory to make. The extra files go into its parent. */
  readonly directory: string
  /** Replaces what is there; it is gone when the backup is in its place. */
  readonly force?: boolean
}

/** What {@link restore} put in place. */
export interface Restored {
  readonly manifest: BackupManifest
  /** Absolute paths of the extra files. */
  readonly extra: readonly string[]
}

async function list(directory: string): Promise<string[]> {
  try {
    return await readdir(directory)
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return []
    throw error
  }
}

async function unpack(file: string, directory: string): Promise<void> {
  const wanted = /^(database\/|extra\/[^/]+$)/
  try {
    await extract({ file, cwd: directory, strict: true, filter: (path) => wanted.test(path) })
    await readFile(join(directory, backupEntries.database, MAJOR_FILE))
  } catch (error) {
    throw dataError('BACKUP_INVALID', `${file} is damaged or cut short: use another backup.`, error)
  }
}

async function assertFree(paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    const content = await list(path).catch((error: unknown) => [errorCode(error)])
    if (content.length === 0) continue
    throw dataError(
      'RESTORE_TARGET_NOT_EMPTY',
      `${path} exists already: restore to another directory, or replace it with --force.`
    )
  }
}

/** Takes the place of a file or directory that may exist. A rename alone replaces no directory that has content. */
async function replace(path: string, replacement: string, aside: string): Promise<void> {
  await rename(path, aside).catch((error: unknown) => {
    if (errorCode(error) !== 'ENOENT') throw error
  })
  try {
    await rename(replacement, path)
  } catch (error) {
    await rename(aside, path).catch(() => undefined)
    throw error
  }
}

/**
 * Puts a backup in place of a data directory that is missing or empty. It is unpacked beside and renamed, so
 * that a restore that is cut short leaves the old state.
 *
 * @throws `BACKUP_INVALID`, `DATA_DIRECTORY_MAJOR`, `RESTORE_TARGET_NOT_EMPTY`, `DATA_DIRECTORY_LOCKED`
 */
export async function restore({ file, directory: given, force = false }: RestoreOptions): Promise<Restored> {
  const manifest = await readManifest(file)
  assertMajor(manifest.postgresMajor, `The backup ${file}`)

  const directory = resolve(given)
  const parent = dirname(directory)
  const prefix = `${basename(directory)}.restore-`
  const release = await lockDirectory(directory)
  const building = join(parent, `${prefix}${process.pid}`)
  try {
    if (!force) await assertFree([directory])
    await removeUnfinished(parent, prefix)
    await mkdir(building, { mode: 0o700 })
    await unpack(file, building)
    await syncTree(building)

    const names = await list(join(building, backupEntries.extra))
    const extra = names.map((name) => join(parent, name))
    if (!force) await assertFree(extra)
    for (const name of names) await rename(join(building, backupEntries.extra, name), join(parent, name))
    await replace(directory, join(building, backupEntries.database), join(building, 'replaced'))
    await syncPath(parent)
    return { manifest, extra }
  } finally {
    // the unpacker of a damaged archive may still be writing when it reports the damage
    await rm(building, { recursive: true, force: true, maxRetries: 10, retryDelay: 20 })
    await release()
  }
}
