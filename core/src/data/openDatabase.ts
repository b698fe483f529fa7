import { createKnex } from './createKnex.ts'
import type { Database } from './Database.ts'
import { openEmbedded } from './embedded/openEmbedded.ts'
import { memoryUrl, openMemory } from './embedded/openMemory.ts'
import type { Log } from './Log.ts'
import { openPostgres } from './openPostgres.ts'
import { sharedPool } from './sharedPool.ts'

/** Which database {@link openDatabase} opens. */
export interface DatabaseOptions {
  /** A Postgres server, or {@link memoryUrl}; without it the embedded database is opened. */
  readonly url?: string | undefined
  /** The embedded database's data directory. */
  readonly directory: string
  /** The most connections to hold to a server. */
  readonly poolSize?: number
  readonly log?: Log | undefined
}

/** Opens the Postgres server that `url` names, one in memory, or else the embedded Postgres in `directory`. */
export async function openDatabase({
  url,
  directory,
  poolSize = 10,
  log
}: DatabaseOptions): Promise<Database> {
  if (url !== undefined && url !== memoryUrl) return await openPostgres({ url, poolSize, log })
  const embedded = url === memoryUrl ? await openMemory({ log }) : await openEmbedded({ directory, log })
  return { kind: 'embedded', ...embedded, knex: createKnex(sharedPool(embedded.pool), log) }
}
