import { PlatformError, type Context } from '@signalbox/plugin'
import type { RunHistory } from '../history/RunHistory.ts'
import { jobs } from '../resources/jobs.ts'
import { nextOccurrence, windowAt, type SiteClock } from '../schedule/index.ts'
import type { OutputFolders } from '../storage/OutputFolders.ts'
import type { Supervisor } from '../supervisor/Supervisor.ts'
import { sealedCameras, type SealedCamera } from '../cameras/sealedCameras.ts'
import { desiredRun, type DesiredRun } from './desiredRun.ts'
import type { Job } from './Job.ts'
import { jobSpec, specKey } from './jobSpec.ts'
import { startError } from './startError.ts'

export interface ReconcilerParts {
  readonly ctx: Context
  readonly supervisor: Supervisor
  readonly folders: OutputFolders
  readonly history: RunHistory
}

/** A pass comes at least this often, however far away the next window is. */
const longestPauseMs = 30_000
/** A job that could not be started is not tried again before this. */
const refusalPauseMs = 60_000
/** A run that ends by itself gets so long past its end before it is stopped. */
const endingGraceMs = 10_000

/**
 * Compares what should be recording now, which is in the database, with what runs, and makes the difference up. It
 * depends on no event: what a pass misses, the next one finds.
 */
export class Reconciler {
  readonly #parts: ReconcilerParts
  readonly #clock: SiteClock
  readonly #startedWith = new Map<string, string>()
  readonly #endsAt = new Map<string, number>()
  readonly #refused = new Map<string, number>()
  readonly #settled = new Map<string, number>()
  #pass: Promise<void> = Promise.resolve()
  #timer: NodeJS.Timeout | undefined
  #queued = false
  #stopped = false

  constructor(parts: ReconcilerParts) {
    this.#parts = parts
    this.#clock = { timeZone: parts.ctx.timeZone }
  }

  /** Asks for a pass, soon. */
  readonly wake = (): void => {
    if (this.#queued || this.#stopped) return
    this.#queued = true
    this.#pass = this.#pass.then(() => this.#run())
  }

  /**
   * Starts one job now, if it should run; a start that is refused throws what the caller may see. `decide` stores what
   * was decided. It has its place in this turn, because a pass that finds the decision first would start the job itself.
   */
  async startNow(id: string, decide: (wanted: boolean) => Promise<void>): Promise<void> {
    await this.#serially(async () => {
      const { ctx, supervisor } = this.#parts
      const { name, cameraId } = await ctx.service(jobs).get(id)
      if (supervisor.runtime(id).running)
        throw new PlatformError('conflict', `The job ${name} is running already.`)
      const sealed = (await sealedCameras(ctx, cameraId)).get(cameraId)
      if (!sealed?.camera.enabled) {
        throw new PlatformError('conflict', `The camera ${sealed?.camera.name} is disabled.`)
      }
      this.#refused.delete(id)
      await decide(true)
      try {
        const job = await ctx.service(jobs).get(id)
        const desired = desiredRun(job, new Date(), this.#clock)
        if (desired) await this.#start({ job, sealed, desired })
      } catch (error) {
        await decide(false)
        throw error
      }
    })
  }

  /** Stops one job now; resolves when its files are in place. */
  async stopNow(id: string): Promise<void> {
    await this.#serially(() => this.#parts.supervisor.stop(id))
  }

  async stop(): Promise<void> {
    this.#stopped = true
    await this.#pass
    clearTimeout(this.#timer)
  }

  /** Passes, starts and stops take turns, so that none works on what another is changing. */
  #serially(work: () => Promise<void>): Promise<void> {
    const turn = this.#pass.then(work)
    this.#pass = turn.catch(() => {})
    return turn
  }

  async #run(): Promise<void> {
    this.#queued = false
    if (this.#stopped) return
    const { ctx } = this.#parts
    let pause = longestPauseMs
    try {
      const all = await ctx.service(jobs).find({ $sort: { priority: -1 } })
      const byId = await sealedCameras(ctx)
      await Promise.all(all.map((job) => this.#settle(job, byId.get(job.cameraId))))
      await this.#forgetAllBut(all)
      this.#tellSettled(all)
      pause = Math.min(pause, ...all.map((job) => this.#untilNextEdge(job)))
    } catch (error) {
      ctx.log.error({ err: error }, 'What should be recording could not be worked out; trying again')
      pause = 1000
    }
    clearTimeout(this.#timer)
    this.#timer = setTimeout(this.wake, Math.max(pause, 50))
  }

  async #settle(job: Job, sealed: SealedCamera | undefined): Promise<void> {
    const { ctx, supervisor } = this.#parts
    const desired = sealed?.camera.enabled ? desiredRun(job, new Date(), this.#clock) : undefined
    const { running } = supervisor.runtime(job.id)
    if (running && !desired && this.#isEnding(job)) return
    try {
      if (running && (!desired || !sealed || this.#startedWith.get(job.id) !== specKey(job, sealed))) {
        await supervisor.stop(job.id)
        if (!desired) return
      } else if (running) return
      if (desired && sealed && !this.#isRefused(job.id)) await this.#start({ job, sealed, desired })
    } catch (error) {
      this.#refused.set(job.id, Date.now())
      ctx.log.warn({ err: error, job: job.id }, 'A job that should run could not be started')
    }
  }

  /** A job may be deleted on a node that does not know that it runs. */
  async #forgetAllBut(all: readonly Job[]): Promise<void> {
    const { supervisor, history } = this.#parts
    const kept = new Set(all.map(({ id }) => id))
    for (const id of supervisor.jobIds()) {
      if (kept.has(id)) continue
      await supervisor.forget(id)
      await history.forget(id)
      this.#settled.delete(id)
    }
  }

  /** Another node may wait for what was decided there. */
  #tellSettled(all: readonly Job[]): void {
    const news = all.filter(({ id, version }) => this.#settled.get(id) !== version)
    if (!news.length) return
    for (const { id, version } of news) this.#settled.set(id, version)
    this.#parts.history.keepSettled(news)
  }

  async #start(run: {
    readonly job: Job
    readonly sealed: SealedCamera
    readonly desired: DesiredRun
  }): Promise<void> {
    const { ctx, supervisor, folders } = this.#parts
    const { job, sealed, desired } = run
    const spec = await jobSpec(ctx, folders, { job, camera: sealed.camera, desired })
    try {
      supervisor.start(spec)
    } catch (error) {
      throw startError(error)
    }
    this.#startedWith.set(job.id, specKey(job, sealed))
    this.#endsAt.set(job.id, Date.now() + (desired.seconds ?? Infinity) * 1000)
  }

  /** Whether a run of limited length is about to end by itself, which is no stop but its completion. */
  #isEnding({ id, triggerType }: Job): boolean {
    const late = Date.now() - (this.#endsAt.get(id) ?? Infinity)
    return triggerType !== 'continuous' && late > -1000 && late < endingGraceMs
  }

  #isRefused(id: string): boolean {
    return Date.now() - (this.#refused.get(id) ?? 0) < refusalPauseMs
  }

  /** Milliseconds until this job's schedule next says something else. */
  #untilNextEdge(job: Job): number {
    const now = new Date()
    const end = job.cron && job.enabled ? windowAt(job, now, this.#clock)?.end : undefined
    const byHand =
      job.wanted && job.decidedAt !== null && job.duration !== null
        ? new Date(new Date(job.decidedAt).getTime() + job.duration * 1000)
        : undefined
    const edges = [nextOccurrence(job, now, this.#clock), end, byHand]
    return Math.min(...edges.map((edge) => (edge && edge > now ? edge.getTime() - now.getTime() : Infinity)))
  }
}
