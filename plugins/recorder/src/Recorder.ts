import { mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { PlatformError, type Context } from '@signalbox/plugin'
import { cameraSource } from './cameras/cameraSource.ts'
import type { RecorderConfig } from './config.ts'
import { FFMPEG_HINT, type Ffmpeg } from './ffmpeg/Ffmpeg.ts'
import { locateFfmpeg, type LocatedFfmpeg } from './ffmpeg/locateFfmpeg.ts'
import { probeCamera } from './ffmpeg/probeCamera.ts'
import { RunHistory } from './history/RunHistory.ts'
import { Reconciler } from './jobs/Reconciler.ts'
import { cameras } from './resources/cameras.ts'
import { jobs } from './resources/jobs.ts'
import { logRoom } from './resources/logRooms.ts'
import { nextOccurrence } from './schedule/index.ts'
import { OutputFolders } from './storage/OutputFolders.ts'
import { removeExpired } from './storage/removeExpired.ts'
import { adoptLeftovers } from './supervisor/adoptLeftovers.ts'
import { endOrphans } from './supervisor/orphans.ts'
import { Supervisor } from './supervisor/Supervisor.ts'
import type { JobRuntime } from './supervisor/types.ts'

/** The running recorder: what the plugin's handlers talk to. */
export class Recorder {
  readonly folders: OutputFolders
  readonly history: RunHistory
  readonly #ctx: Context<RecorderConfig>
  readonly #located: LocatedFfmpeg
  readonly #supervisor: Supervisor
  readonly #reconciler: Reconciler

  private constructor(ctx: Context<RecorderConfig>, located: LocatedFfmpeg, folders: OutputFolders) {
    const { instance, timeZone } = ctx
    this.#ctx = ctx
    this.#located = located
    this.folders = folders
    this.history = new RunHistory(ctx)
    this.#supervisor = new Supervisor({ ffmpeg: located.ffmpeg, instance, timeZone })
    this.#reconciler = new Reconciler({ ctx, supervisor: this.#supervisor, folders })
  }

  /** Ends and adopts what an earlier life left behind, then resumes what was meant to run. */
  static async start(ctx: Context<RecorderConfig>): Promise<Recorder> {
    const { storage, outputRoots, ffmpegPath } = ctx.config
    const folders = new OutputFolders({
      storage: resolve(ctx.dataDirectory, storage),
      roots: outputRoots.map((root) => resolve(root))
    })
    await mkdir(folders.storage, { recursive: true, mode: 0o750 })
    const located = await locateFfmpeg({
      configuredPath: ffmpegPath,
      cacheDirectory: join(ctx.directory, 'ffmpeg')
    })
    const { ffmpeg } = located
    if (ffmpeg)
      ctx.log.info({ path: ffmpeg.path, version: ffmpeg.version, origin: ffmpeg.origin }, 'ffmpeg found')
    else ctx.log.warn({ rejected: located.rejected }, FFMPEG_HINT)
    const recorder = new Recorder(ctx, located, folders)
    await recorder.#recover()
    recorder.#listen()
    ctx.defer(() => recorder.#stop())
    recorder.#reconciler.wake()
    await ctx.task({ name: 'retention', every: 600_000, run: (signal) => removeExpired(ctx, signal) })
    return recorder
  }

  get ffmpeg(): Ffmpeg | undefined {
    return this.#located.ffmpeg
  }

  /** Looks at what a camera sends. */
  async test(cameraId: string) {
    const ffmpeg = this.#requireFfmpeg()
    const camera = await this.#ctx.service(cameras).get(cameraId)
    return probeCamera(ffmpeg, await cameraSource(this.#ctx, camera), { signal: this.#ctx.signal })
  }

  async startJob(id: string): Promise<void> {
    const job = await this.#ctx.service(jobs).get(id)
    if (job.action !== 'custom_command') this.#requireFfmpeg()
    await this.#reconciler.startNow(id, (wanted) => this.#decide(id, wanted))
  }

  async stopJob(id: string): Promise<void> {
    await this.#decide(id, false)
    await this.#reconciler.stopNow(id)
  }

  /** Stops a job that is about to be deleted. */
  async retire(id: string): Promise<void> {
    if (this.#supervisor.runtime(id).running) await this.stopJob(id)
  }

  async forgetJob(id: string): Promise<void> {
    await this.#supervisor.forget(id)
    await this.history.forget(id)
  }

  logs(id: string, limit: number): string[] {
    return this.#supervisor.logs(id, limit)
  }

  /** What `GET /jobs/:id` adds to the record. */
  async detail(
    job: Parameters<typeof nextOccurrence>[0] & { readonly id: string; readonly cameraId: string }
  ) {
    const camera = await this.#ctx.service(cameras).get(job.cameraId)
    const next = nextOccurrence(job, new Date(), { timeZone: this.#ctx.timeZone })
    return {
      camera,
      runtime: onWire(this.#supervisor.runtime(job.id)),
      nextOccurrence: next?.toISOString() ?? null
    }
  }

  /** The recorder's part of `GET /api/status`. */
  async status() {
    const { ffmpeg, rejected } = this.#located
    const active = this.#supervisor.activeProcesses()
    return {
      cameras: await this.#ctx.service(cameras).count(),
      jobs: await this.#ctx.service(jobs).count(),
      activeProcesses: active.length,
      runningJobs: active.map(({ jobId, pid, startedAt }) => ({
        jobId,
        pid,
        startedAt: startedAt.toISOString()
      })),
      ffmpegVersion: ffmpeg?.version ?? null,
      ffmpeg: ffmpeg
        ? { available: true, path: ffmpeg.path, version: ffmpeg.version, origin: ffmpeg.origin, rejected }
        : { available: false, hint: FFMPEG_HINT, rejected }
    }
  }

  async #decide(id: string, wanted: boolean): Promise<void> {
    await this.#ctx.service(jobs).patch(id, { wanted, decidedAt: new Date().toISOString() })
  }

  async #recover(): Promise<void> {
    const { instance, log } = this.#ctx
    const ended = await endOrphans({ instance })
    if (ended.length)
      log.warn({ pids: ended.map(({ pid }) => pid) }, 'Ended processes that an earlier life left running')
    const all = await this.#ctx.service(jobs).find()
    const folders = new Set(all.map((job) => this.folders.folderOf(job)))
    const adopted = await Promise.all([...folders].map((folder) => adoptLeftovers(folder)))
    const files = adopted.flat()
    if (files.length)
      log.info({ files: files.length }, 'Adopted recordings that an earlier life left unfinished')
    await this.history.closeOpenRuns(files)
  }

  #listen(): void {
    const { log, emit } = this.#ctx
    const supervisor = this.#supervisor
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
    supervisor.on('run', (run) => this.history.keep(run))
    supervisor.on('file', (file) => this.history.keepFile(file))
    supervisor.on('log', ({ jobId, lines }) =>
      emit(jobs, 'job:log', { jobId, line: lines.join('\n') }, { room: logRoom(jobId) })
    )
    const { defer, service } = this.#ctx
    for (const event of ['created', 'updated', 'patched', 'removed'] as const) {
      defer(service(jobs).on(event, this.#reconciler.wake))
      defer(service(cameras).on(event, this.#reconciler.wake))
    }
  }

  /** A job that came to its end by itself is not meant to run any more; one that waits for its next try is. */
  async #ended(jobId: string): Promise<void> {
    const { running } = this.#supervisor.runtime(jobId)
    const job = await this.#ctx.service(jobs).find({ id: jobId, $limit: 1 })
    if (!running && job[0] && job[0].triggerType !== 'continuous') await this.#decide(jobId, false)
  }

  #requireFfmpeg(): Ffmpeg {
    const { ffmpeg } = this.#located
    if (!ffmpeg) throw new PlatformError('unavailable', FFMPEG_HINT)
    return ffmpeg
  }

  async #stop(): Promise<void> {
    await this.#reconciler.stop()
    await this.#supervisor.close()
    await this.history.close()
  }
}

function onWire({ startedAt, ...runtime }: JobRuntime) {
  return { ...runtime, startedAt: startedAt?.toISOString() ?? null }
}
