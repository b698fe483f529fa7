import type { Logger } from '@signalbox/plugin'
import { errorSentence } from '../errors/errorSentence.ts'

export type PluginState = 'registered' | 'starting' | 'running' | 'waiting' | 'failed' | 'stopped'

export interface PluginStatus {
  readonly version: string
  readonly state: PluginState
  readonly error?: string
  readonly attempts: number
}

export interface LifecycleOptions {
  readonly name: string
  readonly version: string
  readonly essential: boolean
  readonly log: Logger
  readonly start: (attempt: Attempt) => Promise<void>
  /** Milliseconds after which a start is given up. */
  readonly startTimeout?: number
  readonly stopTimeout?: number
}

/** One try at starting: what it deferred is undone if it fails, and at the stop. */
export interface Attempt {
  readonly signal: AbortSignal
  defer(dispose: () => void | Promise<void>): void
}

const retryFirstMs = 1000
const retryMostMs = 60_000

/** The life of one plugin: started, tried again with a growing pause while it fails, stopped. */
export class Lifecycle {
  readonly #options: LifecycleOptions
  #state: PluginState = 'registered'
  #error: string | undefined
  #attempts = 0
  #disposers: (() => void | Promise<void>)[] = []
  #abort = new AbortController()
  #retry: NodeJS.Timeout | undefined
  readonly #onRunning: (() => void)[] = []

  constructor(options: LifecycleOptions) {
    this.#options = options
  }

  get name(): string {
    return this.#options.name
  }

  get running(): boolean {
    return this.#state === 'running'
  }

  status(): PluginStatus {
    const error = this.#error === undefined ? {} : { error: this.#error }
    return { version: this.#options.version, state: this.#state, attempts: this.#attempts, ...error }
  }

  /** Says that something this one requires is not running yet; it is started when that is. */
  wait(reason: string): void {
    this.#state = 'waiting'
    this.#error = reason
  }

  /** Runs once, when the plugin first runs. */
  onceRunning(run: () => void): void {
    this.#onRunning.push(run)
  }

  /** Throws only for an essential plugin; any other is tried again on its own. */
  async start(): Promise<void> {
    const { name, essential, log, start, startTimeout = 30_000 } = this.#options
    this.#state = 'starting'
    this.#attempts++
    this.#abort = new AbortController()
    try {
      const attempt: Attempt = {
        signal: this.#abort.signal,
        defer: (dispose) => void this.#disposers.push(dispose)
      }
      await within(startTimeout, start(attempt), `${name} did not start within ${startTimeout / 1000} s`)
      this.#state = 'running'
      this.#error = undefined
      this.#onRunning.splice(0).forEach((run) => run())
    } catch (error) {
      await this.#dispose()
      this.#state = 'failed'
      this.#error = errorSentence(error)
      log.error({ err: error, plugin: name }, 'A plugin failed to start')
      if (essential) throw error
      this.#retryLater()
    }
  }

  async stop(): Promise<void> {
    clearTimeout(this.#retry)
    this.#state = 'stopped'
    await this.#dispose()
  }

  #retryLater(): void {
    const pause = Math.min(retryFirstMs * 2 ** (this.#attempts - 1), retryMostMs)
    this.#retry = setTimeout(() => void this.start(), pause)
    this.#retry.unref()
  }

  /** Last deferred, first undone; one that fails or hangs does not keep the others from their turn. */
  async #dispose(): Promise<void> {
    const { name, log, stopTimeout = 10_000 } = this.#options
    this.#abort.abort()
    for (const dispose of this.#disposers.splice(0).toReversed()) {
      try {
        await within(
          stopTimeout,
          Promise.resolve(dispose()),
          `${name} did not stop within ${stopTimeout / 1000} s`
        )
      } catch (error) {
        log.error({ err: error, plugin: name }, 'A plugin could not clean up')
      }
    }
  }
}

async function within<T>(ms: number, work: Promise<T>, message: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(message)), ms)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}
