import type { Knex } from 'knex'
import type { PoolClient } from 'pg'
import { createKnex } from './createKnex.ts'
import type { Database } from './Database.ts'
import { dataError, errorText } from './dataError.ts'
import type { Log } from './Log.ts'
import type { Migration } from '@signalbox/plugin'
import { soloPool } from './soloPool.ts'

/** The migrations of one plugin, or of the host, in the order in which they are to be applied. */
export interface MigrationSet {
  readonly owner: string
  readonly migrations: readonly Migration[]
}

/** What {@link migrate} reports and whom it asks. */
export interface MigrateOptions {
  readonly log?: Log | undefined
  /**
   * Called once, before the first migration of a database that is not new: the moment for a backup. It must
   * not query: the migration holds the embedded database's only connection.
   */
  readonly beforeFirst?: (() => Promise<void>) | undefined
}

interface PendingMigration {
  readonly owner: string
  readonly migration: Migration
}

const TABLE = 'core_migrations'
const LOCK_KEY = 7_446_254_781

/** How a migration is named in logs and results. */
function label(owner: string, name: string): string {
  return `${owner}/${name}`
}

async function readApplied(knex: Knex): Promise<ReadonlySet<string>> {
  const exists = await knex.raw<{ rows: { found: boolean }[] }>(
    'select to_regclass(?) is not null as found',
    [TABLE]
  )
  if (!exists.rows[0]?.found) return new Set()
  const rows = await knex<{ owner: string; name: string }>(TABLE).select('owner', 'name')
  return new Set(rows.map(({ owner, name }) => label(owner, name)))
}

function findPending(sets: readonly MigrationSet[], applied: ReadonlySet<string>): PendingMigration[] {
  return sets
    .flatMap(({ owner, migrations }) => migrations.map((migration) => ({ owner, migration })))
    .filter(({ owner, migration }) => !applied.has(label(owner, migration.name)))
}

function warnOfUnknown(sets: readonly MigrationSet[], applied: ReadonlySet<string>, log?: Log) {
  const known = new Set(
    sets.flatMap(({ owner, migrations }) => migrations.map(({ name }) => label(owner, name)))
  )
  const unknown = [...applied].filter((name) => !known.has(name))
  if (unknown.length > 0) log?.warn({ migrations: unknown }, 'applied migrations that no plugin here knows')
}

async function apply(knex: Knex, { owner, migration }: PendingMigration) {
  const record = (on: Knex) => on(TABLE).insert({ owner, name: migration.name })
  const inTransaction = migration.transaction !== false
  try {
    if (inTransaction) {
      await knex.transaction(async (transaction) => {
        await migration.up(transaction)
        await record(transaction)
      })
    } else {
      await migration.up(knex)
      await record(knex)
    }
  } catch (error) {
    const left = inTransaction
      ? 'nothing of it was kept'
      : 'it ran outside a transaction and may be half done'
    throw dataError(
      'MIGRATION_FAILED',
      `Migration ${migration.name} of ${owner} failed (${errorText(error)}); ${left}.`,
      error
    )
  }
}

/**
 * One node migrates at a time. The lock is the session's, so it ends with its connection, and the work that
 * it protects runs on the very same connection: neither can outlive the other.
 */
async function lock(client: PoolClient, log?: Log) {
  await client.query('set statement_timeout = 0')
  const { rows } = await client.query<{ locked: boolean }>('select pg_try_advisory_lock($1) as locked', [
    LOCK_KEY
  ])
  if (rows[0]?.locked) return
  log?.info({}, 'waiting for another process to finish its migrations')
  await client.query('select pg_advisory_lock($1)', [LOCK_KEY])
}

async function createTable(knex: Knex) {
  await knex.raw(`
    create table if not exists ${TABLE} (
      owner text not null,
      name text not null,
      applied_at timestamptz not null default now(),
      primary key (owner, name)
    )`)
}

/**
 * Applies what is pending, set by set in the order given, each migration in a transaction of its own unless
 * it asks for none. Safe to call in many processes at once, and after any of them was killed.
 *
 * @returns the names of those applied, as `owner/name`
 * @throws `MIGRATION_FAILED`; those before it stay applied
 */
export async function migrate(
  database: Database,
  sets: readonly MigrationSet[],
  { log, beforeFirst }: MigrateOptions = {}
): Promise<readonly string[]> {
  const client = await database.pool.connect()
  try {
    await lock(client, log)
    const knex = createKnex(soloPool(client), log)
    const applied = await readApplied(knex)
    warnOfUnknown(sets, applied, log)

    const todo = findPending(sets, applied)
    if (todo.length > 0 && applied.size > 0) await beforeFirst?.()
    await createTable(knex)
    for (const item of todo) {
      await apply(knex, item)
      log?.info({ owner: item.owner, migration: item.migration.name }, 'migration applied')
    }
    return todo.map(({ owner, migration }) => label(owner, migration.name))
  } finally {
    // ends the session, and with it the lock and the changed timeout
    client.release(true)
  }
}

/** The migrations that {@link migrate} would apply now, as `owner/name`; changes nothing. */
export async function pending(database: Database, sets: readonly MigrationSet[]): Promise<readonly string[]> {
  const todo = findPending(sets, await readApplied(database.knex))
  return todo.map(({ owner, migration }) => label(owner, migration.name))
}
