import type { Pool } from 'pg'
import { errorText } from './dataError.ts'
import type { Log } from './Log.ts'

/**
 * Keeps a connection that breaks from ending the process: `pg` emits `error` on the pool for idle
 * connections and on the client itself for those in use, and either is fatal when nobody listens. The query
 * under way is rejected with the same error, and the pool drops the connection.
 */
export function guardPool(pool: Pool, log?: Log): void {
  pool.on('connect', (client) => {
    client.on('error', (error) => log?.warn({ err: error }, `database connection lost: ${errorText(error)}`))
  })
  // the client's own listener has logged it
  pool.on('error', () => undefined)
}
