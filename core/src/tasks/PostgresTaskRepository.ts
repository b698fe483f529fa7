import { PostgresJobRepository } from '@agendajs/postgres-backend'
import type { JobParameters, JobRepositoryOptions } from 'agenda'
import type { Pool } from 'pg'
import type { UnitsOfWork } from '../data/unitOfWork.ts'
import { type LockGate, neverLapses } from './LockGate.ts'
import { lockLost } from './lockLost.ts'
import type { Deferral, Recurrence, RecurringRow, TaskRepository } from './TaskRepository.ts'

const TABLE = 'core_tasks'

const due = `
  select distinct name from ${TABLE}
  where name = any($1) and ((locked_at is null and next_run_at <= $2) or locked_at <= $3)`

// Its key is free from here on: what is asked for after the start is not covered by this run.
const hold = `
  update ${TABLE} set locked_at = $3, last_run_at = $4, next_run_at = null, data = data - 'key'
  where id = $1 and last_modified_by = $2 and locked_at is not null`

// The schedule may have changed during the run, and then it is not this run that knows when the next is.
const finish = `
  update ${TABLE} set
    locked_at = null,
    next_run_at = case when type = 'single' and data <> $4 then (data->>'first')::timestamptz else $3 end,
    last_finished_at = $5,
    failed_at = $6,
    fail_count = $7,
    fail_reason = $8
  where id = $1 and last_modified_by = $2`

const remove = `delete from ${TABLE} where id = $1 and last_modified_by = $2`

const schedule = `
  insert into ${TABLE} (name, type, data, next_run_at) values ($1, 'single', $2, $3)
  on conflict (name) where type = 'single' do update set
    data = excluded.data,
    next_run_at = case when ${TABLE}.next_run_at > $4 then excluded.next_run_at else ${TABLE}.next_run_at end
  where (${TABLE}.data->>'every', ${TABLE}.data->>'timeZone')
    is distinct from (excluded.data->>'every', excluded.data->>'timeZone')`

const defer = `
  insert into ${TABLE} (name, data, next_run_at) values (?, cast(? as jsonb), ?)
  on conflict (name, (data->>'key')) where data->>'key' is not null do nothing`

const release = `
  update ${TABLE} set locked_at = null, next_run_at = coalesce(next_run_at, $1)
  where locked_at is not null and ($2::text is null or last_modified_by = $2)`

const recurring = `
  select name, data, next_run_at as "nextRunAt", last_run_at as "lastRunAt", fail_reason as "failReason"
  from ${TABLE} where type = 'single' and name = any($1) order by name`

interface PostgresTaskRepositoryOptions {
  readonly pool: Pool
  readonly units: UnitsOfWork
  readonly gate: LockGate
}

// Its owner reports what breaks; without a listener an idle connection that breaks would end the process.
const ignore = () => undefined

/** The task store in Postgres. */
export class PostgresTaskRepository extends PostgresJobRepository implements TaskRepository {
  readonly #pool: Pool
  readonly #units: UnitsOfWork
  readonly #gate: LockGate

  constructor({ pool, units, gate }: PostgresTaskRepositoryOptions) {
    super({ pool, tableName: TABLE, ensureSchema: false })
    this.#pool = pool
    this.#units = units
    this.#gate = gate
    pool.on('error', ignore)
  }

  override async connect(): Promise<void> {
    await this.#pool.query(`select from ${TABLE} limit 0`)
  }

  override async close(): Promise<void> {
    this.#pool.off('error', ignore)
  }

  override getNextJobToRun(
    name: string,
    before: Date,
    _: Date,
    now: Date | undefined,
    options: JobRepositoryOptions | undefined
  ): Promise<JobParameters | undefined> {
    return this.#gate.pass(
      name,
      (names, lapsed) => this.due(names, before, lapsed),
      (lapsed) => super.getNextJobToRun(name, before, lapsed, now, options)
    )
  }

  /** Nobody awaits it. Where it fails, the lock lapses. */
  override async unlockJob(job: JobParameters): Promise<void> {
    await super.unlockJob(job).catch(ignore)
  }

  /** Agenda calls it when a run starts, at each renewal of its lock, and when it ends. */
  override async saveJobState(job: JobParameters, options: JobRepositoryOptions | undefined): Promise<void> {
    const held = [job._id, options?.lastModifiedBy]
    if (job.lockedAt) job.lockedAt = neverLapses
    const { rowCount } = job.lockedAt
      ? await this.#pool.query(hold, [...held, new Date(), job.lastRunAt])
      : await this.#end(job, held)
    if (rowCount === 0) throw lockLost(job.name)
  }

  #end(job: JobParameters, held: unknown[]) {
    if (!job.nextRunAt) return this.#pool.query(remove, held)
    return this.#pool.query(finish, [
      ...held,
      job.nextRunAt,
      JSON.stringify(job.data),
      job.lastFinishedAt,
      job.failedAt,
      job.failCount,
      job.failReason
    ])
  }

  async due(names: readonly string[], before: Date, lapsed: Date): Promise<ReadonlySet<string>> {
    const { rows } = await this.#pool.query<{ name: string }>(due, [names, before, lapsed])
    return new Set(rows.map(({ name }) => name))
  }

  async schedule(name: string, recurrence: Recurrence): Promise<void> {
    await this.#pool.query(schedule, [name, JSON.stringify(recurrence), recurrence.first, new Date()])
  }

  async defer(name: string, deferral: Deferral, at: Date): Promise<void> {
    await this.#units.db().raw(defer, [name, JSON.stringify(deferral), at])
  }

  async release(node?: string): Promise<void> {
    await this.#pool.query(release, [new Date(), node])
  }

  async recurring(names: readonly string[]): Promise<readonly RecurringRow[]> {
    const { rows } = await this.#pool.query<RecurringRow>(recurring, [names])
    return rows
  }
}
