import type { PlatformConfig } from '../config/PlatformConfig.ts'
import { memoryUrl } from '../data/embedded/openMemory.ts'

/** A Postgres server has its own tools, which do this better. */
export function requireEmbedded({ databaseUrl }: PlatformConfig): void {
  if (databaseUrl === undefined) return
  if (databaseUrl === memoryUrl)
    throw new Error(
      'DATABASE_URL is memory:, a database that no file holds: there is nothing to back up or restore.'
    )
  throw new Error(
    'DATABASE_URL names a Postgres server: back it up with pg_dump and restore it with pg_restore.'
  )
}
