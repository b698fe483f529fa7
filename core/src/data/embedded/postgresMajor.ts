import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { dataError, errorCode } from '../dataError.ts'

/** The major version of the Postgres inside the pinned PGlite. */
export const POSTGRES_MAJOR = '18'

/** The file in which Postgres itself records the major version that made a data directory. */
export const MAJOR_FILE = 'PG_VERSION'

async function isEmpty(directory: string): Promise<boolean> {
  try {
    return (await readdir(directory)).length === 0
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return true
    throw error
  }
}

/**
 * The major version of the database in a directory, or `undefined` where there is none yet.
 *
 * @throws `DATA_DIRECTORY_FOREIGN` where the directory holds something else.
 */
export async function readMajor(directory: string): Promise<string | undefined> {
  try {
    return (await readFile(join(directory, MAJOR_FILE), 'utf8')).trim()
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error
    if (await isEmpty(directory)) return undefined
    throw dataError(
      'DATA_DIRECTORY_FOREIGN',
      `${directory} is not empty and holds no database: name a directory that Signalbox may have for itself.`
    )
  }
}

/** @throws `DATA_DIRECTORY_MAJOR` where this Signalbox cannot read data of that major version. */
export function assertMajor(major: string, source: string): void {
  if (major === POSTGRES_MAJOR) return
  throw dataError(
    'DATA_DIRECTORY_MAJOR',
    `${source} was written by Postgres ${major}, and this Signalbox embeds Postgres ${POSTGRES_MAJOR}: ` +
      'open it with the Signalbox that wrote it and move its data to a Postgres server from there.'
  )
}
