import type { Context } from 'mocha'
import { coreMigrations } from '../../core/src/data/coreMigrations.ts'
import type { Database } from '../../core/src/data/Database.ts'
import { migrate } from '../../core/src/data/migrate.ts'
import { openDatabase } from '../../core/src/data/openDatabase.ts'
import { temporaryDirectory } from './temporaryDirectory.ts'

export interface MigratedDatabase {
  readonly database: Database
  /** Closes it and leaves nothing behind. */
  close(): Promise<void>
}

/** A fresh database of this kind with the core's tables in it. */
export async function migratedDatabase(
  open: (test: Context) => Promise<{ readonly url: string | undefined; drop(): Promise<void> }>,
  test: Context
): Promise<MigratedDatabase> {
  const { url, drop } = await open(test)
  const directory = await temporaryDirectory()
  const database = await openDatabase({ url, directory: `${directory.path}/database` })
  await migrate(database, [{ owner: 'core', migrations: coreMigrations }])
  const close = async (): Promise<void> => {
    await database.close()
    await drop()
    await directory.remove()
  }
  return { database, close }
}
