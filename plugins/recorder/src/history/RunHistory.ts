import { isPlatformError, type Context } from '@signalbox/plugin'
import type { RecordedFile, RunRecord } from '../supervisor/types.ts'

interface RunRow {
  readonly id: string
  readonly job_id: string
  readonly started_at: Date
  readonly stopped_at: Date | null
  readonly status: RunRecord['status']
  readonly exit_code: number | null
  readonly signal: string | null
  readonly error: string | null
  readonly files_produced: number
  readonly bytes_produced: number
}

/** A run that is under way. */
export interface OpenRun {
  readonly runId: string
  readonly startedAt: Date
}

type Write = () => Promise<unknown>

/** How soon the database is asked again when it did not answer. */
const retryMs = 1000
/** About half an hour of fifty cameras in files of ten seconds. */
const mostWaiting = 10_000

/**
 * What became of each run, and where its files are. Recording waits for no database: what that does not take now is
 * kept in memory, in order, until it does.
 */
export class RunHistory {
  readonly #ctx: Context
  readonly #waiting: Write[] = []
  #storing: Promise<void> | undefined
  #retry: NodeJS.Timeout | undefined
  #closed = false

  constructor(ctx: Context) {
    this.#ctx = ctx
  }

  /** Keeps a run as it begins, and again as it has ended. */
  keep(run: RunRecord): void {
    this.#write(async () => {
      const row = { ...toRow(run), instance: this.#ctx.instance }
      await this.#ctx.db()('recorder_runs').insert(row).onConflict('id').merge()
    })
  }

  keepFile(file: RecordedFile): void {
    this.#write(async () => {
      await this.#ctx
        .db()('recorder_files')
        .insert({
          path: file.path,
          job_id: file.jobId,
          run_id: file.runId,
          camera_id: file.cameraId,
          started_at: file.startedAt,
          ended_at: file.endedAt,
          bytes: file.bytes,
          instance: this.#ctx.instance
        })
        .onConflict('path')
        .merge()
    })
  }

  /** Keeps on which versions of these jobs the node that records has acted, after what came of it. */
  keepSettled(jobs: readonly { readonly id: string; readonly version: number }[]): void {
    this.#write(async () => {
      await this.#ctx.db().raw(
        `insert into recorder_settled as s (job_id, version)
         select job.id, job.version from unnest(?::text[], ?::integer[]) job (id, version)
           join recorder_jobs using (id)
         on conflict (job_id) do update set version = excluded.version where s.version < excluded.version`,
        [jobs.map(({ id }) => id), jobs.map(({ version }) => version)] as never
      )
    })
  }

  /** Whether the node that records has acted on this version of a job, or there is none any more. */
  async isSettled(jobId: string, version: number): Promise<boolean> {
    const { rows } = (await this.#ctx.db().raw(
      `select coalesce(s.version >= ?, false) as settled
       from recorder_jobs j left join recorder_settled s on s.job_id = j.id where j.id = ?`,
      [version, jobId]
    )) as { rows: { settled: boolean }[] }
    return rows[0]?.settled ?? true
  }

  /** Ends what the one node named, or any, left open; `adopted` are the files that were saved from it. */
  async closeOpenRuns(
    adopted: readonly RecordedFile[],
    { of: instance }: { readonly of?: string } = {}
  ): Promise<void> {
    for (const file of adopted) this.keepFile(file)
    await this.flush()
    // A run that another node has closed meanwhile gets its files nevertheless.
    await this.#ctx.db().raw(
      `update recorder_runs r set
         status = case when status = 'running' then 'killed' else status end,
         error = case when status = 'running' then 'The platform ended while it ran.' else error end,
         stopped_at = coalesce((select max(ended_at) from recorder_files f where f.run_id = r.id), r.started_at),
         files_produced = (select count(*) from recorder_files f where f.run_id = r.id),
         bytes_produced = (select coalesce(sum(bytes), 0) from recorder_files f where f.run_id = r.id)
       where (status = 'running' and coalesce(instance = ?, ?)) or id = any(?)`,
      [instance ?? null, instance === undefined, [...new Set(adopted.map(({ runId }) => runId))]]
    )
  }

  /** The run of a job that is under way, on whichever node. */
  async openRun(jobId: string): Promise<OpenRun | undefined> {
    const row = (await this.#ctx
      .db()('recorder_runs')
      .where({ job_id: jobId, status: 'running' })
      .orderBy('started_at', 'desc')
      .first('id', 'started_at')) as { id: string; started_at: Date } | undefined
    return row && { runId: row.id, startedAt: row.started_at }
  }

  /** The runs that other nodes have under way, as far as is known. */
  async openRunsElsewhere(): Promise<ReadonlySet<string>> {
    const rows = (await this.#ctx
      .db()('recorder_runs')
      .where({ status: 'running' })
      .whereNot({ instance: this.#ctx.instance })
      .select('id')) as { id: string }[]
    return new Set(rows.map(({ id }) => id))
  }

  /** A job's runs, newest first. */
  async of(jobId: string, limit: number) {
    await this.flush()
    const rows = (await this.#ctx
      .db()('recorder_runs')
      .where({ job_id: jobId })
      .orderBy([
        { column: 'started_at', order: 'desc' },
        { column: 'id', order: 'desc' }
      ])
      .limit(limit)) as RunRow[]
    return rows.map(fromRow)
  }

  /** A job that is gone leaves no history; its files stay. */
  async forget(jobId: string): Promise<void> {
    await this.flush()
    for (const table of ['recorder_runs', 'recorder_settled'])
      await this.#ctx.db()(table).where({ job_id: jobId }).delete()
  }

  /** Stores what waits; resolves when that is done, or when the database does not answer. */
  async flush(): Promise<void> {
    clearTimeout(this.#retry)
    if (this.#waiting.length) await (this.#storing ??= this.#store())
  }

  /** Stores what waits, in one last try. */
  async close(): Promise<void> {
    this.#closed = true
    await this.flush()
    if (this.#waiting.length) {
      this.#ctx.log.error({ lost: this.#waiting.length }, 'The history of the last runs could not be kept')
    }
  }

  #write(work: Write): void {
    if (this.#waiting.length >= mostWaiting) {
      this.#ctx.log.error({}, 'The history of a run could not be kept: too much waits for the database')
      return
    }
    this.#waiting.push(work)
    this.#storing ??= this.#store()
  }

  async #store(): Promise<void> {
    try {
      for (let work = this.#waiting[0]; work; work = this.#waiting[0]) {
        if (!(await this.#isOver(work))) return this.#storeLater()
        this.#waiting.shift()
      }
    } finally {
      this.#storing = undefined
    }
  }

  /** Whether a write is stored, or never will be; the unit of work tells a database that is away from one that refuses. */
  async #isOver(work: Write): Promise<boolean> {
    const { unitOfWork, log } = this.#ctx
    try {
      await unitOfWork(work)
      return true
    } catch (error) {
      if (isPlatformError(error, 'unavailable')) return false
      log.error({ err: error }, 'The history of a run could not be kept')
      return true
    }
  }

  #storeLater(): void {
    if (!this.#closed) this.#retry = setTimeout(() => void this.flush(), retryMs)
  }
}

function toRow(run: RunRecord): RunRow {
  return {
    id: run.runId,
    job_id: run.jobId,
    started_at: run.startedAt,
    stopped_at: run.stoppedAt,
    status: run.status,
    exit_code: run.exitCode,
    signal: run.signal,
    error: run.error,
    files_produced: run.filesProduced,
    bytes_produced: run.bytesProduced
  }
}

function fromRow(row: RunRow) {
  return {
    id: row.id,
    jobId: row.job_id,
    startedAt: row.started_at.toISOString(),
    stoppedAt: row.stopped_at?.toISOString() ?? null,
    status: row.status,
    exitCode: row.exit_code,
    signal: row.signal,
    error: row.error,
    filesProduced: row.files_produced,
    bytesProduced: row.bytes_produced
  }
}
