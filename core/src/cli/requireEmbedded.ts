import type { PlatformConfig } from '../config/PlatformConfig.ts'

/** A Postgres server has its own tools, which do this better. */
export function requireEmbedded({ databaseUrl }: PlatformConfig): void {
  if (databaseUrl === undefined) return
  throw new Error(
    'DATABASE_URL names a Postgres server: back it up with pg_dump and restore it with pg_restore.'
  )
}
