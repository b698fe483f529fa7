import { once } from 'node:events'
import { mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { PlatformError, type Context, type HeldLease } from '@signalbox/plugin'
import { cameraSource } from './cameras/cameraSource.ts'
import type { RecorderConfig } from './config.ts'
import { FFMPEG_HINT, type Ffmpeg } from './ffmpeg/Ffmpeg.ts'
import { locateFfmpeg, type LocatedFfmpeg } from './ffmpeg/locateFfmpeg.ts'
import { probeCamera } from './ffmpeg/probeCamera.ts'
import { RunHistory } from './history/RunHistory.ts'
import { runtimeElsewhere, startElsewhere, stopElsewhere } from './jobs/elsewhere.ts'
import { Recording } from './Recording.ts'
import { cameras } from './resources/cameras.ts'
import { jobs } from './resources/jobs.ts'
import { nextOccurrence } from './schedule/index.ts'
import { OutputFolders } from './storage/OutputFolders.ts'
import { removeExpired } from './storage/removeExpired.ts'
import { adoptLeftovers } from './supervisor/adoptLeftovers.ts'
import { endOrphans } from './supervisor/orphans.ts'
import type { JobRuntime, RecordedFile } from './supervisor/types.ts'

/**
 * The running recorder: what the plugin's handlers talk to.
 *
 * Of many nodes one records: the files are on the disk of whoever writes them, and a lease for each job would scatter a
 * camera's recordings over all disks. The others take decisions, which are in the database, and answer from there.
 */
export class Recorder {
  readonly folders: OutputFolders
  readonly history: RunHistory
  readonly #ctx: Context<RecorderConfig>
  readonly #located: LocatedFfmpeg
  #recording: Promise<Recording> | undefined
  #fence = 0

  private constructor(ctx: Context<RecorderConfig>, located: LocatedFfmpeg, folders: OutputFolders) {
    this.#ctx = ctx
    this.#located = located
    this.folders = folders
    this.history = new RunHistory(ctx)
  }

  /** Ends and adopts what an earlier life left behind; then, where no other node records, resumes what was meant to run. */
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
    ctx.defer(() => recorder.history.close())
    ctx.defer(() => recorder.#yield())
    await ctx.lease('recording', (held) => recorder.#record(held), {
      elsewhere: () => void recorder.#yield()
    })
    await recorder.#recording
    const retention = `retention-${ctx.instance}`
    await ctx.task({ name: retention, every: 600_000, run: (signal) => removeExpired(ctx, signal) })
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
    const recording = await this.#recording
    if (!recording) return startElsewhere(this.#ctx, this.history, id)
    const job = await this.#ctx.service(jobs).get(id)
    if (job.action !== 'custom_command') this.#requireFfmpeg()
    await recording.reconciler.startNow(id, (wanted) => recording.decide(id, wanted))
  }

  async stopJob(id: string): Promise<void> {
    const recording = await this.#recording
    if (!recording) return stopElsewhere(this.#ctx, this.history, id)
    await recording.decide(id, false)
    await recording.reconciler.stopNow(id)
  }

  /** Stops a job that is about to be deleted. */
  async retire(id: string): Promise<void> {
    if ((await this.#runtime(id)).running) await this.stopJob(id)
  }

  async forgetJob(id: string): Promise<void> {
    await (await this.#recording)?.supervisor.forget(id)
    await this.history.forget(id)
  }

  /** The log of a job that runs on this node. */
  async logs(id: string, limit: number): Promise<string[]> {
    return (await this.#recording)?.supervisor.logs(id, limit) ?? []
  }

  /** What `GET /jobs/:id` adds to the record. */
  async detail(
    job: Parameters<typeof nextOccurrence>[0] & { readonly id: string; readonly cameraId: string }
  ) {
    const camera = await this.#ctx.service(cameras).get(job.cameraId)
    const next = nextOccurrence(job, new Date(), { timeZone: this.#ctx.timeZone })
    return {
      camera,
      runtime: onWire(await this.#runtime(job.id)),
      nextOccurrence: next?.toISOString() ?? null
    }
  }

  /** The recorder's part of `GET /api/status`; the processes are this node's. */
  async status() {
    const { ffmpeg, rejected } = this.#located
    const active = (await this.#recording)?.supervisor.activeProcesses() ?? []
    return {
      cameras: await this.#ctx.service(cameras).count(),
      jobs: await this.#ctx.service(jobs).count(),
      recordsHere: this.#recording !== undefined,
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

  async #runtime(id: string): Promise<JobRuntime> {
    const recording = await this.#recording
    return recording ? recording.supervisor.runtime(id) : runtimeElsewhere(await this.history.openRun(id))
  }

  /** Ends and adopts what an earlier life of this node left. What other nodes write to a shared storage is theirs. */
  async #recover(): Promise<void> {
    const { instance, log } = this.#ctx
    const ended = await endOrphans({ instance })
    if (ended.length)
      log.warn({ pids: ended.map(({ pid }) => pid) }, 'Ended processes that an earlier life left running')
    const liveRuns = await this.history.openRunsElsewhere()
    await this.history.closeOpenRuns(await this.#adopt(liveRuns), { of: instance })
  }

  async #adopt(liveRuns: ReadonlySet<string>): Promise<RecordedFile[]> {
    const all = await this.#ctx.service(jobs).find()
    const folders = new Set(all.map((job) => this.folders.folderOf(job)))
    const adopted = await Promise.all([...folders].map((folder) => adoptLeftovers(folder, { liveRuns })))
    const files = adopted.flat()
    if (files.length)
      this.#ctx.log.info({ files: files.length }, 'Adopted recordings that an earlier life left unfinished')
    return files
  }

  /**
   * Records while this node is the one to do so. A node that cannot reach the database goes on until it hears that
   * another has taken over: a camera recorded twice for a while is better than one that nobody records.
   */
  async #record({ signal, fence }: HeldLease): Promise<void> {
    if (fence !== this.#fence + 1) await this.#yield()
    this.#fence = fence
    try {
      await (this.#recording ??= this.#take())
    } catch (error) {
      this.#recording = undefined
      throw error
    }
    if (!signal.aborted) await once(signal, 'abort')
    if (this.#ctx.signal.aborted) await this.#yield()
  }

  /** Whoever recorded before has let go or is dead: what it left open is over. */
  async #take(): Promise<Recording> {
    await this.history.closeOpenRuns(await this.#adopt(new Set()))
    const recording = new Recording({
      ctx: this.#ctx,
      ffmpeg: this.#located.ffmpeg,
      folders: this.folders,
      history: this.history
    })
    recording.reconciler.wake()
    return recording
  }

  async #yield(): Promise<void> {
    const recording = this.#recording
    this.#recording = undefined
    const begun = await recording?.catch(() => undefined)
    await begun?.stop()
  }

  #requireFfmpeg(): Ffmpeg {
    const { ffmpeg } = this.#located
    if (!ffmpeg) throw new PlatformError('unavailable', FFMPEG_HINT)
    return ffmpeg
  }
}

function onWire({ startedAt, ...runtime }: JobRuntime) {
  return { ...runtime, startedAt: startedAt?.toISOString() ?? null }
}
