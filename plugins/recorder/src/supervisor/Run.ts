import { buildCommand } from '../ffmpeg/commands/buildCommand.ts'
import type { Command } from '../ffmpeg/commands/Command.ts'
import { motionScore } from '../ffmpeg/commands/detectMotion.ts'
import { describeFailure } from '../ffmpeg/describeFailure.ts'
import type { Ffmpeg } from '../ffmpeg/Ffmpeg.ts'
import { createRedactor, type Redactor } from '../ffmpeg/redact.ts'
import { childEnvironment } from './childEnvironment.ts'
import type { Clock } from './Clock.ts'
import { FileKeeper } from './FileKeeper.ts'
import type { JobLog } from './JobLog.ts'
import { endProcesses, findByRun } from './orphans.ts'
import { ProgressReader } from './ProgressReader.ts'
import { RunFolder } from './RunFolder.ts'
import { spawnCommand, type Exit, type SpawnedCommand } from './spawnCommand.ts'
import { splitLines } from './splitLines.ts'
import type { JobSpec, RecordedFile } from './types.ts'
import type { Watchdog } from './Watchdog.ts'

const ERROR_LINES_KEPT = 8
// An error by its level, but two packets of one instant end no run.
const HARMLESS = /non monotonically increasing dts/
const STALL_GRACE_MS = 2_000

/** What the runs of one supervisor share. */
export interface RunContext {
  ffmpeg: Ffmpeg | undefined
  instance: string
  clock: Clock
  watchdog: Watchdog
  timeZone: string
  /** Replaces the command's own limit for a process that brings nothing. */
  stallAfterMs: number | undefined
}

/** What a run tells while it lives. */
export interface RunListener {
  /** The process is up and works: its first picture came. */
  onAlive: () => void
  onStall: () => void
  onFile: (file: RecordedFile) => void
  onMotion: (score: number) => void
}

/** How a run ended. */
export interface RunResult extends Exit {
  runId: string
  jobId: string
  startedAt: Date
  stoppedAt: Date
  /** What went wrong, in one sentence free of credentials. Not a verdict: a run that was asked to end has one too. */
  error: string | null
  files: RecordedFile[]
  filesProduced: number
  bytesProduced: number
  /** A process that ends by itself did its work: it ended with 0 and brought something. */
  succeeded: boolean
  /** It did not heed the soft signal. */
  hardKilled: boolean
}

/** Options of a `Run`. */
export interface RunOptions {
  runId: string
  spec: JobSpec
  context: RunContext
  log: JobLog
  listener: RunListener
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

/** One life of one process of a job, from its folder to its last file. */
export class Run {
  readonly runId: string
  readonly startedAt: Date
  readonly finished: Promise<RunResult>
  readonly #spec: JobSpec
  readonly #context: RunContext
  readonly #log: JobLog
  readonly #listener: RunListener
  readonly #redact: Redactor
  readonly #progress = new ProgressReader()
  readonly #files: RecordedFile[] = []
  readonly #errorLines: string[] = []
  #process: SpawnedCommand | undefined
  #firstSign: number | undefined
  #lastSign: number
  #stopGraceMs: number | undefined
  #endsByItself = false
  #stalled = false
  #hardKilled = false

  constructor({ runId, spec, context, log, listener }: RunOptions) {
    this.runId = runId
    this.#spec = spec
    this.#context = context
    this.#log = log
    this.#listener = listener
    this.#redact = createRedactor(spec.camera)
    this.startedAt = new Date(context.clock.now())
    this.#lastSign = context.clock.monotonic()
    this.finished = this.#live()
  }

  get pid(): number | undefined {
    return this.#process?.pid
  }

  /** Milliseconds between the first sign of life and the last. */
  get healthyMs(): number {
    return this.#firstSign === undefined ? 0 : this.#lastSign - this.#firstSign
  }

  /** Asks the process to end: one soft signal, the hard one after the grace. A second call changes nothing. */
  stop(graceMs: number): void {
    if (this.#stopGraceMs !== undefined) return
    this.#stopGraceMs = graceMs
    if (this.#process) this.#end(this.#process, graceMs)
  }

  #end(child: SpawnedCommand, graceMs: number): void {
    // Never a second soft one: ffmpeg takes it for "drop everything".
    child.kill('SIGINT')
    const { clock } = this.#context
    const timer = clock.setTimeout(() => {
      this.#hardKilled = true
      child.kill('SIGKILL')
    }, graceMs)
    void child.exit.then(() => clock.clearTimeout(timer))
  }

  async #live(): Promise<RunResult> {
    this.#log.redact = this.#redact
    let exit: Exit = { exitCode: null, signal: null }
    try {
      exit = await this.#runInFolder()
    } catch (error) {
      exit = { ...exit, startError: messageOf(error) }
    }
    this.#log.settle()
    return this.#result(exit)
  }

  async #runInFolder(): Promise<Exit> {
    const { ffmpeg, timeZone, clock } = this.#context
    const directory = RunFolder.pathOf(this.#spec.outputDirectory, this.runId)
    const command = buildCommand(this.#spec, ffmpeg, directory)
    this.#endsByItself = command.endsByItself
    if (command.files === 'none') return this.#runProcess(command)
    const folder = await RunFolder.create(this.#spec, { runId: this.runId, timeZone })
    const keeper = new FileKeeper({
      folder,
      command,
      now: () => clock.now(),
      onFile: (file) => {
        this.#files.push(file)
        this.#listener.onFile(file)
      },
      onError: (error) => this.#log.note(`a file could not be finished: ${messageOf(error)}`)
    })
    const exit = await this.#runProcess(command, keeper)
    await keeper.finish()
    return exit
  }

  async #runProcess(command: Command, keeper?: FileKeeper): Promise<Exit> {
    if (this.#stopGraceMs !== undefined) return { exitCode: null, signal: null }
    const { instance, clock, watchdog, stallAfterMs = command.stallAfterMs } = this.#context
    const lines = splitLines((line) => this.#readLog(line, command))
    const output = splitLines((line) => this.#log.add(line))
    const child = await spawnCommand(command, {
      env: childEnvironment({ instance, jobId: this.#spec.id, runId: this.runId }),
      onLog: (chunk) => lines.write(chunk),
      onList: (chunk) => keeper?.readList(chunk),
      onOutput: (chunk) => {
        if (!command.reportsProgress) output.write(chunk)
        else if (this.#progress.write(chunk)) this.#signOfLife(keeper)
      }
    })
    this.#process = child
    this.#lastSign = clock.monotonic()
    if (this.#stopGraceMs !== undefined) this.#end(child, this.#stopGraceMs)
    if (!command.reportsProgress && child.pid !== undefined) this.#signOfLife()
    const unwatch = watchdog.watch({
      stallAfterMs,
      lastSign: () => this.#lastSign,
      onStall: () => this.#onStall(stallAfterMs)
    })
    const exit = await child.exit
    unwatch()
    lines.end()
    output.end()
    if (!command.reportsProgress) {
      if (exit.startError === undefined) this.#lastSign = clock.monotonic()
      await endProcesses(await findByRun(this.runId), { graceMs: STALL_GRACE_MS })
    }
    return exit
  }

  #signOfLife(keeper?: FileKeeper): void {
    this.#lastSign = this.#context.clock.monotonic()
    keeper?.scan()
    if (this.#firstSign !== undefined) return
    this.#firstSign = this.#lastSign
    this.#listener.onAlive()
  }

  #onStall(afterMs: number): void {
    this.#stalled = true
    this.#errorLines.length = 0
    this.#log.note(`no new picture for ${afterMs / 1_000} s: ending the process`)
    this.#listener.onStall()
    this.stop(STALL_GRACE_MS)
  }

  #readLog(line: string, { reportsMotion }: Command): void {
    if (reportsMotion && line.includes('[info]')) {
      const score = motionScore(line)
      if (score !== undefined) this.#listener.onMotion(score)
      return
    }
    this.#log.add(line)
    if (!/\[(error|fatal|panic)\]/.test(line) || HARMLESS.test(line)) return
    this.#errorLines.push(this.#redact(line))
    if (this.#errorLines.length > ERROR_LINES_KEPT) this.#errorLines.shift()
  }

  #error({ exitCode, signal, startError }: Exit): string | null {
    if (startError !== undefined) return this.#redact(`could not be started: ${startError}`)
    if (this.#stalled) return 'stalled: no new picture came'
    const said = describeFailure(this.#errorLines)
    if (said !== undefined) return said
    if (signal !== null) return `ended by ${signal}`
    if (exitCode === 0) return 'the camera ended the stream'
    return exitCode === null ? null : `ended with exit code ${exitCode}`
  }

  #result(exit: Exit): RunResult {
    return {
      ...exit,
      runId: this.runId,
      jobId: this.#spec.id,
      startedAt: this.startedAt,
      stoppedAt: new Date(this.#context.clock.now()),
      error: this.#error(exit),
      files: this.#files,
      filesProduced: this.#files.length,
      bytesProduced: this.#files.reduce((sum, { bytes }) => sum + bytes, 0),
      succeeded: this.#endsByItself && exit.exitCode === 0 && this.#firstSign !== undefined,
      hardKilled: this.#hardKilled
    }
  }
}
