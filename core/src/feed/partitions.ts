import type { Knex } from 'knex'

const daysAhead = 7
const dayMs = 24 * 60 * 60 * 1000
const partitionLock = 7_446_254_783

/**
 * Makes the feed's partitions for the days to come and drops whole days past their retention. A change that finds
 * no partition of its day falls into the default one, so no write ever fails for want of it.
 */
export async function maintainPartitions(knex: Knex, retentionDays: number, now = new Date()): Promise<void> {
  await knex.transaction(async (transaction) => {
    // Postgres refuses one of two nodes that make the same table at the same time.
    await transaction.raw('select pg_advisory_xact_lock(?)', [partitionLock])
    await maintain(transaction, retentionDays, now)
  })
}

async function maintain(knex: Knex, retentionDays: number, now: Date): Promise<void> {
  for (let day = 0; day <= daysAhead; day++) {
    const from = startOfDay(new Date(now.getTime() + day * dayMs))
    const to = new Date(from.getTime() + dayMs)
    if (await defaultHolds(knex, from, to)) continue
    await knex.raw(
      `create table if not exists ${partitionName(from)} partition of core_changes
       for values from ('${from.toISOString()}') to ('${to.toISOString()}')`
    )
  }
  const oldest = startOfDay(new Date(now.getTime() - retentionDays * dayMs))
  for (const name of await partitions(knex)) {
    if (name < partitionName(oldest)) await knex.raw(`drop table ${name}`)
  }
  await knex('core_changes_default').where('at', '<', oldest).delete()
}

/** A day that already has rows in the default partition stays there: Postgres refuses to split it. */
async function defaultHolds(knex: Knex, from: Date, to: Date): Promise<boolean> {
  const row = (await knex('core_changes_default')
    .where('at', '>=', from)
    .where('at', '<', to)
    .first('local_id')) as unknown
  return row !== undefined
}

async function partitions(knex: Knex): Promise<string[]> {
  const { rows } = (await knex.raw(
    `select c.relname as name from pg_inherits i join pg_class c on c.oid = i.inhrelid
     where i.inhparent = 'core_changes'::regclass and c.relname ~ '^core_changes_\\d{8}$' order by 1`
  )) as { rows: { name: string }[] }
  return rows.map(({ name }) => name)
}

function partitionName(day: Date): string {
  return `core_changes_${day.toISOString().slice(0, 10).replaceAll('-', '')}`
}

function startOfDay(instant: Date): Date {
  return new Date(instant.toISOString().slice(0, 10))
}
