import type { EventEmitter } from 'node:events'
import { basename } from 'node:path'
import { backoff } from './backoff.ts'
import { pause, type ClockTimer } from './Clock.ts'
import type { JobLog } from './JobLog.ts'
import { Run, type RunContext, type RunResult } from './Run.ts'
import { begunRecord, endedRecord } from './runRecord.ts'
import type { SupervisorEvents } from './SupervisorEvents.ts'
import type { EndStatus, JobRuntime, JobSpec, JobState } from './types.ts'

const HEALTHY_AFTER_MS = 10_000
const WAITING_MS = 60_000
const MOTION_EVERY_MS = 1_000

/** Options of a `JobSupervisor`. */
export interface JobSupervisorOptions {
  spec: JobSpec
  context: RunContext
  log: JobLog
  /** Where everything is told. */
  events: EventEmitter<SupervisorEvents>
  newRunId: () => string
  /** Milliseconds between the soft signal and the hard one. */
  stopGraceMs: number
  /** The share of changed pixels that counts as motion. */
  motionThreshold: number
}

/** Seconds after which the job is over; `undefined` for one that goes on, or knows its own end. */
function durationOf({ triggerType, durationSeconds, segmentDuration, action }: JobSpec): number | undefined {
  if (triggerType === 'fixed_duration') return durationSeconds ?? segmentDuration
  const endless = action === 'record' || action === 'timelapse' || action === 'detect_motion'
  return triggerType === 'oneshot' && endless ? (durationSeconds ?? segmentDuration) : undefined
}

/**
 * Keeps one job as it was asked to be, whatever its processes do. What was asked decides, not the exit code: a camera
 * that hangs up ends ffmpeg with 0, our own signal ends it with 255.
 */
export class JobSupervisor {
  readonly spec: JobSpec
  /** Settles when the job is over and its last file is in place. */
  readonly ended: Promise<void>
  readonly #options: JobSupervisorOptions
  readonly #over = new AbortController()
  #overAs: EndStatus = 'stopped'
  #state: JobState = 'starting'
  #run: Run | undefined
  #failures = 0
  #givenUp = false
  #lastError: string | null = null
  #lastMotion = Number.NEGATIVE_INFINITY
  #deadline: ClockTimer

  constructor(options: JobSupervisorOptions) {
    this.#options = options
    this.spec = options.spec
    this.ended = this.#live()
  }

  /** Whether the job is meant to run. */
  get running(): boolean {
    return this.#state !== 'stopped' && this.#state !== 'failed'
  }

  get run(): Run | undefined {
    return this.#run
  }

  runtime(): JobRuntime {
    const { clock } = this.#options.context
    const startedAt = this.#run?.startedAt ?? null
    return {
      running: this.running,
      state: this.#state,
      pid: this.#run?.pid ?? null,
      startedAt,
      uptime: startedAt && Math.max(0, Math.floor((clock.now() - startedAt.getTime()) / 1_000)),
      retries: (this.#run?.healthyMs ?? 0) >= HEALTHY_AFTER_MS ? 0 : this.#failures,
      lastError: this.#lastError
    }
  }

  /** Ends the job; resolves when no process is left and its files are in place. */
  async stop(): Promise<void> {
    if (this.running) this.#end('stopped')
    await this.ended
  }

  #end(status: EndStatus): void {
    if (this.#over.signal.aborted) return
    this.#overAs = status
    this.#state = 'stopping'
    this.#over.abort()
    this.#run?.stop(this.#options.stopGraceMs)
  }

  async #live(): Promise<void> {
    const { clock } = this.#options.context
    // The caller is to hear of nothing before it has the job in hand.
    await Promise.resolve()
    let last: RunResult | undefined
    while (!this.#over.signal.aborted) {
      const { result, healthyMs } = await this.#runOnce()
      last = result
      if (this.#over.signal.aborted) break
      if (result.succeeded) return this.#finish('completed', result)
      this.#failures = healthyMs >= HEALTHY_AFTER_MS ? 1 : this.#failures + 1
      const delay = this.#afterFailure(result)
      if (delay === undefined) return
      await pause(clock, delay, this.#over.signal)
    }
    this.#finish(last?.hardKilled ? 'killed' : this.#overAs, last)
  }

  async #runOnce(): Promise<{ result: RunResult; healthyMs: number }> {
    const { spec, context, log, newRunId, events } = this.#options
    this.#state = 'starting'
    const run = new Run({
      runId: newRunId(),
      spec,
      context,
      log,
      listener: {
        onAlive: () => this.#onAlive(run),
        onStall: () => (this.#state = 'stalled'),
        onFile: (file) => {
          log.note(`wrote ${basename(file.path)}, ${file.bytes} bytes`)
          events.emit('file', file)
        },
        onMotion: (score) => this.#onMotion(score)
      }
    })
    this.#run = run
    events.emit('run', begunRecord(run, spec.id))
    const result = await run.finished
    this.#run = undefined
    events.emit('run', endedRecord(result, this.#statusOf(result)))
    return { result, healthyMs: run.healthyMs }
  }

  #statusOf(result: RunResult): EndStatus {
    if (this.#over.signal.aborted) return result.hardKilled ? 'killed' : this.#overAs
    if (result.succeeded) return 'completed'
    return result.signal !== null && !result.hardKilled ? 'killed' : 'error'
  }

  /** Returns how long to wait before the next try; `undefined` when there is none. */
  #afterFailure(result: RunResult): number | undefined {
    const { spec, log, events } = this.#options
    const { maxRetries } = spec
    this.#lastError = result.error
    log.note(`the run failed: ${result.error}`)
    if (this.#failures <= maxRetries) {
      this.#state = 'backoff'
      this.#givenUp = false
      events.emit('retry', { jobId: spec.id, jobName: spec.name, retry: this.#failures, maxRetries })
      return backoff(this.#failures)
    }
    if (spec.triggerType !== 'continuous') {
      this.#finish('error', result)
      return undefined
    }
    this.#state = 'waiting'
    if (!this.#givenUp) this.#tellStopped('error', result)
    this.#givenUp = true
    return WAITING_MS
  }

  #onAlive(run: Run): void {
    const { spec, context, events } = this.#options
    if (this.#over.signal.aborted) return
    this.#state = 'running'
    this.#givenUp = false
    const { runId, startedAt, pid = 0 } = run
    this.#options.log.note(`running as process ${pid}`)
    events.emit('started', { jobId: spec.id, jobName: spec.name, pid, runId, startedAt })
    const seconds = durationOf(spec)
    if (seconds === undefined || this.#deadline !== undefined) return
    // By the clock, not by ffmpeg: what a broken connection cost is not added at the end.
    this.#deadline = context.clock.setTimeout(() => this.#end('completed'), seconds * 1_000)
  }

  #onMotion(score: number): void {
    const { spec, context, events, motionThreshold } = this.#options
    const now = context.clock.monotonic()
    if (score < motionThreshold || now - this.#lastMotion < MOTION_EVERY_MS) return
    this.#lastMotion = now
    events.emit('motion', { jobId: spec.id, at: new Date(context.clock.now()), score })
  }

  #finish(status: EndStatus, result: RunResult | undefined): void {
    this.#options.context.clock.clearTimeout(this.#deadline)
    this.#state = status === 'error' ? 'failed' : 'stopped'
    this.#options.log.note(status)
    this.#tellStopped(status, result)
  }

  #tellStopped(status: EndStatus, result: RunResult | undefined): void {
    const { spec, events } = this.#options
    const { exitCode: code = null, signal = null } = result ?? {}
    events.emit('stopped', { jobId: spec.id, jobName: spec.name, status, code, signal })
  }
}
