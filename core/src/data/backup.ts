import { resolve } from 'node:path'
import { dataError } from './dataError.ts'
import { assertMajor, readMajor } from './embedded/postgresMajor.ts'
import { lockDirectory } from './lockDirectory.ts'
import { writeArchive } from './writeArchive.ts'

/** What {@link backup} writes and where. */
export interface BackupOptions {
  /** The data directory of an embedded database that is not open. */
  readonly directory: string
  /** The `.tar.gz` to write; an existing file is replaced. */
  readonly file: string
  /** Files to keep with the database, such as the key file. */
  readonly extra?: readonly string[]
}

/**
 * Backs up an embedded database that is not open, under its lock. `restore` takes the file. A database that
 * was killed is backed up as it is, and recovers where it is restored.
 *
 * @throws `DATA_DIRECTORY_LOCKED`, `DATA_DIRECTORY_FOREIGN`, `DATA_DIRECTORY_MAJOR`
 */
export async function backup({ directory: given, file, extra = [] }: BackupOptions): Promise<void> {
  const directory = resolve(given)
  const release = await lockDirectory(directory)
  try {
    const major = await readMajor(directory)
    if (major === undefined) {
      throw dataError('DATA_DIRECTORY_FOREIGN', `There is no database in ${directory} to back up.`)
    }
    assertMajor(major, `The database in ${directory}`)
    await writeArchive({ directory, file: resolve(file), extra: extra.map((path) => resolve(path)) })
  } finally {
    await release()
  }
}
