import type { Knex } from 'knex'
import type { Pool } from 'pg'
import type { Line } from './Line.ts'

/** What {@link Database.dump} writes and where. */
export interface DumpOptions {
  /** Absolute path of the `.tar.gz` to write. */
  readonly file: string
  /** Absolute paths of files to put beside the database in the archive, such as the key file. */
  readonly extra?: readonly string[]
}

/** An open database: the embedded Postgres or a Postgres server. `pool` and `knex` share their connections. */
export interface Database {
  readonly kind: 'embedded' | 'postgres'
  /** The embedded database has one connection: a query outside an open transaction waits for its end. */
  readonly pool: Pool
  readonly knex: Knex
  /** The server's version, such as `15.12`. */
  readonly version: string
  /** Whether the database answered when it was last heard of. Never waits. */
  state(): 'up' | 'down'
  /** Reclaims space and refreshes statistics where nobody else does: a server has autovacuum, so there it does nothing. */
  vacuum(): Promise<void>
  /** Writes a backup of the open database that `restore` takes; only the embedded database has it. */
  dump?(options: DumpOptions): Promise<void>
  /** Opens a connection beside the pool, which hears other nodes; the embedded database has no others to hear. */
  openLine?(channel: string): Promise<Line>
  /** Waits for the connections in use, at most some seconds, and closes everything. Safe to call twice. */
  close(): Promise<void>
}
