import type { Logger } from '@signalbox/plugin'
import type { Job } from 'agenda'
import { superviseRun } from './superviseRun.ts'

export interface RunnerOptions {
  readonly log: Logger
  readonly lockMs: number
  readonly abandonMs: number
}

/** What this process is running. */
export interface Runner {
  count(): number
  has(id: string): boolean
  /**
   * Runs one occurrence. One that the stop interrupts, or keeps from starting, is due again at once and counts
   * as neither done nor failed.
   */
  run(job: Job, timeout: number, work: (signal: AbortSignal) => Promise<void>): Promise<void>
  /** From here on nothing starts. */
  close(): void
  /** Aborts what still runs. */
  interrupt(): void
}

export function createRunner({ log, lockMs, abandonMs }: RunnerOptions): Runner {
  const controllers = new Map<string, AbortController>()
  let closed = false

  async function supervise(job: Job, timeout: number, work: (signal: AbortSignal) => Promise<void>) {
    const controller = new AbortController()
    const { signal } = controller
    const id = String(job.attrs._id)
    controllers.set(id, controller)
    try {
      await superviseRun({ job, timeout, abandonMs, lockMs, log, controller }, () => work(signal))
    } catch (error) {
      // Agenda reads the message of whatever is thrown.
      if (!closed || !signal.aborted) throw error instanceof Error ? error : new Error(String(error))
      log.info({ task: job.attrs.name, err: error }, 'a task was interrupted by the stop and will run again')
      job.attrs.nextRunAt = new Date()
    } finally {
      controllers.delete(id)
    }
  }

  return {
    count: () => controllers.size,
    has: (id) => controllers.has(id),
    async run(job, timeout, work) {
      if (closed) job.attrs.nextRunAt = new Date()
      else await supervise(job, timeout, work)
    },
    close() {
      closed = true
    },
    interrupt() {
      for (const controller of controllers.values()) controller.abort(new Error('the platform is stopping'))
    }
  }
}
