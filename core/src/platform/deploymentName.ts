import { createHash } from 'node:crypto'
import type { Store } from './openStore.ts'

/**
 * Names a deployment on a server: the same for all its nodes, which share a database and a secret, and another for any
 * other, be it one that was copied from it.
 */
export async function deploymentName({ database, tokenSecret }: Store): Promise<string> {
  const { rows } = await database.pool.query<{ place: string }>(
    `select system_identifier || '/' || current_database() as place from pg_control_system()`
  )
  return createHash('sha256').update(`${tokenSecret}\n${rows[0]?.place}`).digest('hex').slice(0, 16)
}
