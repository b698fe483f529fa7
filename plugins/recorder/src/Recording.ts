import type { Context } from '@signalbox/plugin'
import type { Ffmpeg } from './ffmpeg/Ffmpeg.ts'
import type { RunHistory } from './history/RunHistory.ts'
import { Reconciler } from './jobs/Reconciler.ts'
import { cameras } from './resources/cameras.ts'
import { jobs } from './resources/jobs.ts'
import { logRoom } from './resources/logRooms.ts'
import type { OutputFolders } from './storage/OutputFolders.ts'
import { Supervisor } from './supervisor/Supervisor.ts'

export interface RecordingParts {
  readonly ctx: Context
  readonly ffmpeg: Ffmpeg | undefined
  readonly folders: OutputFolders
  readonly history: RunHistory
}

/** The time in which this node is the one that records: its processes, and what decides which there should be. */
export class Recording {
  readonly supervisor: Supervisor
  readonly reconciler: Reconciler
  readonly #parts: RecordingParts
  #unlisten: (() => void)[] = []

  constructor(parts: RecordingParts) {
    const { ctx, ffmpeg, folders, history } = parts
    const { instance, timeZone } = ctx
    this.#parts = parts
    this.supervisor = new Supervisor({ ffmpeg, instance, timeZone })
    this.reconciler = new Reconciler({ ctx, supervisor: this.supervisor, folders, history })
    this.#listen()
  }

  /** Stores a decision about a job. */
  async decide(id: string, wanted: boolean): Promise<void> {
    await decide(this.#parts.ctx, id, wanted)
  }

  /** Ends every process; resolves when their files are in place. */
  async stop(): Promise<void> {
    this.#unlisten.splice(0).forEach((stop) => stop())
    await this.reconciler.stop()
    await this.supervisor.close()
  }

  #listen(): void {
    const { history, ctx } = this.#parts
    const { log, emit, service } = ctx
    const { supervisor, reconciler } = this
    supervisor.on('started', ({ jobId, jobName, pid }) => {
      emit(jobs, 'job:started', { jobId, jobName, pid })
      emit(jobs, 'status:update', { type: 'job:started', jobId, jobName, pid } as never)
    })
    supervisor.on('stopped', (stopped) => {
      emit(jobs, 'job:stopped', stopped)
      emit(jobs, 'status:update', { type: 'job:stopped', ...stopped })
      this.#ended(stopped.jobId).catch((error: unknown) =>
        log.error({ err: error }, 'The end of a job could not be kept')
      )
    })
    supervisor.on('retry', (retry) => emit(jobs, 'job:retry', retry))
    supervisor.on('motion', ({ jobId, at, score }) =>
      emit(jobs, 'job:motion', { jobId, at: at.toISOString(), score })
    )
    supervisor.on('run', (run) => history.keep(run))
    supervisor.on('file', (file) => history.keepFile(file))
    supervisor.on('log', ({ jobId, lines }) =>
      emit(jobs, 'job:log', { jobId, line: lines.join('\n') }, { room: logRoom(jobId) })
    )
    for (const event of ['created', 'updated', 'patched', 'removed'] as const) {
      this.#unlisten.push(
        service(jobs).on(event, reconciler.wake),
        service(cameras).on(event, reconciler.wake)
      )
    }
  }

  /** A job that came to its end by itself is not meant to run any more; one that waits for its next try is. */
  async #ended(jobId: string): Promise<void> {
    const { running } = this.supervisor.runtime(jobId)
    const job = await this.#parts.ctx.service(jobs).find({ id: jobId, $limit: 1 })
    if (!running && job[0] && job[0].triggerType !== 'continuous') await this.decide(jobId, false)
  }
}

/** Whether a job is meant to run is a field of it, and a change like any other. Returns the job's new version. */
export async function decide({ service }: Context, id: string, wanted: boolean): Promise<number> {
  const { version } = await service(jobs).patch(id, { wanted, decidedAt: new Date().toISOString() })
  return version
}
