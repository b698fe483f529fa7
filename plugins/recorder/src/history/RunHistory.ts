import type { Context } from '@signalbox/plugin'
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

/** What became of each run, and where its files are. */
export class RunHistory {
  readonly #ctx: Context
  #writes: Promise<void> = Promise.resolve()

  constructor(ctx: Context) {
    this.#ctx = ctx
  }

  /** Keeps a run as it begins, and again as it has ended. */
  keep(run: RunRecord): void {
    this.#write(async () => {
      const row = toRow(run)
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
          bytes: file.bytes
        })
        .onConflict('path')
        .merge()
    })
  }

  /** Ends what an earlier life of the platform left open; `adopted` are the files that were saved from it. */
  async closeOpenRuns(adopted: readonly RecordedFile[]): Promise<void> {
    for (const file of adopted) this.keepFile(file)
    await this.flush()
    await this.#ctx.db().raw(`
      update recorder_runs r set status = 'killed', error = 'The platform ended while it ran.',
        stopped_at = coalesce((select max(ended_at) from recorder_files f where f.run_id = r.id), r.started_at),
        files_produced = (select count(*) from recorder_files f where f.run_id = r.id),
        bytes_produced = (select coalesce(sum(bytes), 0) from recorder_files f where f.run_id = r.id)
      where status = 'running'`)
  }

  /** A job's runs, newest first. */
  async of(jobId: string, limit: number) {
    await this.flush()
    const rows = (await this.#ctx
      .db()('recorder_runs')
      .where({ job_id: jobId })
      .orderBy([{ column: 'started_at', order: 'desc' }, { column: 'id', order: 'desc' }])
      .limit(limit)) as RunRow[]
    return rows.map(fromRow)
  }

  /** A job that is gone leaves no history; its files stay. */
  async forget(jobId: string): Promise<void> {
    await this.flush()
    await this.#ctx.db()('recorder_runs').where({ job_id: jobId }).delete()
  }

  /** Resolves when all that was kept so far is stored. */
  async flush(): Promise<void> {
    await this.#writes
  }

  /** In order, and outside of whatever the supervisor is doing; what the database refuses is said, not lost silently. */
  #write(work: () => Promise<void>): void {
    this.#writes = this.#writes.then(work).catch((error: unknown) => {
      this.#ctx.log.error({ err: error }, 'The history of a run could not be kept')
    })
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
