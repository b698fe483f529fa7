import { randomUUID } from 'node:crypto'
import { EventEmitter } from 'node:events'
import { buildCommand } from '../ffmpeg/commands/buildCommand.ts'
import { MOTION_THRESHOLD } from '../ffmpeg/commands/detectMotion.ts'
import type { Ffmpeg } from '../ffmpeg/Ffmpeg.ts'
import { systemClock, type Clock } from './Clock.ts'
import { JobLog } from './JobLog.ts'
import { JobSupervisor } from './JobSupervisor.ts'
import { LogBatcher } from './LogBatcher.ts'
import type { RunContext } from './Run.ts'
import { SupervisorError } from './SupervisorError.ts'
import type { SupervisorEvents } from './SupervisorEvents.ts'
import type { JobRuntime, JobSpec } from './types.ts'
import { Watchdog } from './Watchdog.ts'

const NOT_RUNNING: JobRuntime = {
  running: false,
  state: 'stopped',
  pid: null,
  startedAt: null,
  uptime: null,
  retries: 0,
  lastError: null
}

/** Options of a `Supervisor`. */
export interface SupervisorOptions {
  /** Without one, every start but that of a custom command is refused. */
  ffmpeg: Ffmpeg | undefined
  /** Names the data directory of this platform; see `findOrphans`. */
  instance: string
  /** Of the times in file names. */
  timeZone?: string
  /** Milliseconds between the soft signal and the hard one: more than ffmpeg needs to give up on a silent camera. */
  stopGraceMs?: number
  /** Milliseconds without a new picture after which a process is ended, instead of each command's own. */
  stallAfterMs?: number
  /** The share of changed pixels that counts as motion. */
  motionThreshold?: number
  /** Lines of one job's log in a second; more are counted and dropped. */
  linesPerSecond?: number
  newRunId?: () => string
  clock?: Clock
}

/** A process that is alive now. */
export interface ActiveProcess {
  jobId: string
  runId: string
  pid: number
  startedAt: Date
}

/**
 * Runs jobs: one process for each, kept alive, watched and ended in order. Knows neither where jobs are stored nor who
 * listens. Everything it tells is free of credentials.
 */
export class Supervisor extends EventEmitter<SupervisorEvents> {
  readonly #options: SupervisorOptions
  readonly #clock: Clock
  readonly #context: RunContext
  readonly #batcher: LogBatcher
  readonly #jobs = new Map<string, JobSupervisor>()
  readonly #logs = new Map<string, JobLog>()
  #closed = false

  constructor(options: SupervisorOptions) {
    super()
    const { ffmpeg, instance, timeZone = 'UTC', stallAfterMs, clock = systemClock } = options
    this.#options = options
    this.#clock = clock
    this.#context = { ffmpeg, instance, timeZone, stallAfterMs, clock, watchdog: new Watchdog({ clock }) }
    this.#batcher = new LogBatcher({ clock, emit: (batch) => this.emit('log', batch) })
  }

  /**
   * Starts a job and returns at once; `started` tells when its process is up.
   * @throws SupervisorError JOB_RUNNING, INVALID_JOB, FFMPEG_MISSING, CLOSED
   */
  start(spec: JobSpec): void {
    if (this.#closed) throw new SupervisorError('CLOSED', 'The recorder is shutting down.')
    if (this.#jobs.get(spec.id)?.running) {
      throw new SupervisorError('JOB_RUNNING', `The job "${spec.name}" is running already.`)
    }
    // What is wrong with the job is better said now than in its log.
    buildCommand(spec, this.#context.ffmpeg, spec.outputDirectory)
    const { newRunId = randomUUID, stopGraceMs = 7_000, motionThreshold = MOTION_THRESHOLD } = this.#options
    this.#jobs.set(
      spec.id,
      new JobSupervisor({
        spec,
        context: this.#context,
        log: this.#logOf(spec.id),
        events: this,
        newRunId,
        stopGraceMs,
        motionThreshold
      })
    )
  }

  /** Ends a job; resolves when its process is gone and its files are in place. A job that does not run is no error. */
  async stop(jobId: string): Promise<void> {
    await this.#jobs.get(jobId)?.stop()
  }

  /** Of the jobs that run, and of those that did. */
  jobIds(): string[] {
    return [...this.#jobs.keys()]
  }

  runtime(jobId: string): JobRuntime {
    return this.#jobs.get(jobId)?.runtime() ?? NOT_RUNNING
  }

  /** The newest lines of the job's log, oldest of them first; 500 at most. */
  logs(jobId: string, limit?: number): string[] {
    return this.#logs.get(jobId)?.lines(limit) ?? []
  }

  /** The processes of all jobs. */
  activeProcesses(): ActiveProcess[] {
    const active: ActiveProcess[] = []
    for (const [jobId, { run }] of this.#jobs) {
      if (run?.pid !== undefined)
        active.push({ jobId, runId: run.runId, pid: run.pid, startedAt: run.startedAt })
    }
    return active
  }

  /** Forgets log and last error of a job that is gone; ends it first where it runs. */
  async forget(jobId: string): Promise<void> {
    await this.stop(jobId)
    this.#jobs.delete(jobId)
    this.#logs.delete(jobId)
  }

  /** Ends all jobs, all at once, and takes no more. Bounded by the stop grace. */
  async close(): Promise<void> {
    this.#closed = true
    await Promise.all([...this.#jobs.values()].map((job) => job.stop()))
    this.#batcher.flush()
  }

  #logOf(jobId: string): JobLog {
    const { linesPerSecond } = this.#options
    const log =
      this.#logs.get(jobId) ??
      new JobLog({
        jobId,
        batcher: this.#batcher,
        clock: this.#clock,
        ...(linesPerSecond === undefined ? {} : { linesPerSecond })
      })
    this.#logs.set(jobId, log)
    return log
  }
}
