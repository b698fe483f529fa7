import type { PGlite } from '@electric-sql/pglite'
import { dataError } from '../dataError.ts'
import type { DurableNodeFS } from './DurableNodeFS.ts'

/**
 * Makes one commit that leaves nothing behind but a record in the write-ahead log, and counts its syncs.
 * The sync hangs on internals of PGlite, so that no version of it is trusted unseen.
 *
 * @throws `DATA_DIRECTORY_NOT_DURABLE`
 */
export async function assertDurable(database: PGlite, fs: DurableNodeFS): Promise<void> {
  const before = fs.syncs
  await database.query(`select pg_logical_emit_message(true, 'signalbox', 'self-test')`)
  if (fs.syncs > before) return
  throw dataError(
    'DATA_DIRECTORY_NOT_DURABLE',
    'The embedded database does not write its commits through to the disk, so it was not opened: ' +
      'install the exact version of @electric-sql/pglite that @signalbox/core names, or set a database url.'
  )
}
