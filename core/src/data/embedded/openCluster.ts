import { PGlite } from '@electric-sql/pglite'
import { dataError, errorText } from '../dataError.ts'
import { assertDurable } from './assertDurable.ts'
import { DurableNodeFS } from './DurableNodeFS.ts'

/** PGlite's own list turns fsync off with -F. Its default sync method, fdatasync, is a stub that never reaches the disk. */
const startParams = [
  ...PGlite.defaultStartParams.filter((parameter) => parameter !== '-F'),
  '-c',
  'wal_sync_method=fsync',
  '-c',
  'shared_buffers=16MB',
  '-c',
  'max_wal_size=128MB'
]

/**
 * Opens the cluster in a directory, making it where the directory is empty, and proves that a commit in it
 * reaches the disk.
 *
 * @throws `DATA_DIRECTORY_UNREADABLE`, `DATA_DIRECTORY_NOT_DURABLE`
 */
export async function openCluster(directory: string): Promise<PGlite> {
  const fs = new DurableNodeFS(directory)
  let database: PGlite
  try {
    database = await PGlite.create({ fs, startParams })
  } catch (error) {
    throw dataError(
      'DATA_DIRECTORY_UNREADABLE',
      `The database in ${directory} did not open (${errorText(error)}): ` +
        'see that the disk has free space and that the files belong to this user, or restore a backup.',
      error
    )
  }
  try {
    await assertDurable(database, fs)
  } catch (error) {
    await database.close()
    throw error
  }
  return database
}
