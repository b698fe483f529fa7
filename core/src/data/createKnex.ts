import knex, { type Knex } from 'knex'
import type { Log } from './Log.ts'
import type { KnexPool } from './sharedPool.ts'

/** A knex for the oldest Postgres that Signalbox supports, over connections that somebody else owns. */
export function createKnex(connectionPool: KnexPool, log?: Log): Knex {
  return knex({
    client: 'pg',
    version: '15',
    connectionPool,
    log: {
      warn: (message: unknown) => {
        // Whoever asked for the connection gets the error, and says what could not be done.
        if (!String(message).startsWith('Acquire connection error')) log?.warn({}, String(message))
      },
      error: (message: unknown) => log?.error({}, String(message)),
      deprecate: (message: unknown) => log?.warn({}, String(message)),
      debug: () => undefined
    }
  })
}
