import type { Logger, Task } from '@signalbox/plugin'
import type { ManualClock, Occasion } from '../clock/ManualClock.ts'
import type { UnitsOfWork } from '../data/unitOfWork.ts'
import { withinDeadline } from '../data/withinDeadline.ts'
import { checkSchedule } from './checkSchedule.ts'
import { nextRun } from './nextRun.ts'
import type { Schedule } from './Schedule.ts'
import type { HandleOptions, Tasks } from './Tasks.ts'

export interface ManualTasksOptions {
  readonly clock: ManualClock
  readonly log: Logger
  readonly timeZone: string
  readonly units: UnitsOfWork
}

interface Recurring {
  readonly task: Task
  readonly schedule: Schedule
  nextRunAt: Date
  lastRunAt?: Date
  lastError?: string
}

interface Deferred {
  readonly name: string
  readonly payload: unknown
  readonly key: string | undefined
  readonly at: Date
  readonly attempt: number
}

interface Handler {
  readonly run: (payload: any, signal: AbortSignal) => Promise<void>
  readonly timeout: number | undefined
}

const shortestMs = 1000
const retryMs = [1000, 5000, 25_000]
/** Real milliseconds: whoever moves a clock waits for what runs. */
const patienceMs = 30_000
const abandonMs = 1000

/**
 * Tasks that run when a clock is moved by hand, one after the other. They are in memory: a clock that stands still
 * outlives no process. A run takes no time of the clock; its timeout is real time.
 */
export function createManualTasks({ clock, log, timeZone, units }: ManualTasksOptions): Tasks {
  const recurring = new Map<string, Recurring>()
  const handlers = new Map<string, Handler>()
  const stopping = new AbortController()
  let deferred: Deferred[] = []
  const running = new Set<Promise<void>>()
  let release = (): void => {}

  async function run(
    name: string,
    work: (signal: AbortSignal) => Promise<void>,
    timeout = patienceMs
  ): Promise<void> {
    const late = lateAfter(Math.min(timeout, patienceMs))
    const ended = Promise.race([work(AbortSignal.any([late.signal, stopping.signal])), late.abandoned])
    running.add(ended)
    try {
      await ended
    } catch (error) {
      log.error({ task: name, err: error }, 'a task failed')
      throw new Error(`The task ${name} failed: ${(error as Error).message}`, { cause: error })
    } finally {
      running.delete(ended)
      late.forget()
    }
  }

  function occasionOf(name: string, entry: Recurring): Occasion {
    return {
      at: entry.nextRunAt,
      run: async () => {
        const startedAt = clock.now()
        entry.lastRunAt = startedAt
        entry.nextRunAt = nextRun(entry.schedule, startedAt, startedAt)
        delete entry.lastError
        await run(name, (signal) => entry.task.run(signal), entry.task.timeout).catch((error: Error) => {
          entry.lastError = (error.cause as Error).message
          throw error
        })
      }
    }
  }

  function deferredOccasion(entry: Deferred, { run: work, timeout }: Handler): Occasion {
    return {
      at: entry.at,
      run: async () => {
        deferred = deferred.filter((other) => other !== entry)
        await run(entry.name, (signal) => work(entry.payload, signal), timeout).catch((error: unknown) => {
          const pause = retryMs[entry.attempt]
          if (pause === undefined) throw error
          const at = new Date(clock.now().getTime() + pause)
          deferred.push({ ...entry, key: undefined, at, attempt: entry.attempt + 1 })
        })
      }
    }
  }

  function next(): Occasion | undefined {
    const due = [
      ...[...recurring].map(([name, entry]) => occasionOf(name, entry)),
      ...deferred.flatMap((entry) => {
        const handler = handlers.get(entry.name)
        return handler ? [deferredOccasion(entry, handler)] : []
      })
    ]
    return due.toSorted((one, other) => one.at.getTime() - other.at.getTime())[0]
  }

  return {
    async add(owner, task) {
      const name = `${owner}.${task.name}`
      const schedule = { every: task.every, timeZone }
      checkSchedule(name, schedule, shortestMs)
      recurring.set(name, { task, schedule, nextRunAt: nextRun(schedule, clock.now(), clock.now()) })
    },

    async once(owner, name, payload, { at = clock.now(), key } = {}) {
      const task = `${owner}.${name}`
      const sent: unknown = JSON.parse(JSON.stringify(payload ?? null))
      units.afterCommit(() => {
        if (key !== undefined && deferred.some((other) => other.name === task && other.key === key)) return
        deferred.push({ name: task, payload: sent, key, at, attempt: 0 })
      })
    },

    handle(owner: string, name: string, work: Handler['run'], { timeout }: HandleOptions = {}) {
      handlers.set(`${owner}.${name}`, { run: work, timeout })
    },

    async start() {
      release = clock.drive({ next })
    },

    async stop({ graceMs }) {
      release()
      stopping.abort(new Error('the platform is stopping'))
      await withinDeadline(Promise.allSettled(running), graceMs)
    },

    async status() {
      const tasks = [...recurring].map(([name, { task, nextRunAt, lastRunAt, lastError }]) => ({
        name,
        every: task.every,
        nextRunAt,
        ...(lastRunAt && { lastRunAt }),
        ...(lastError !== undefined && { lastError })
      }))
      return {
        running: running.size,
        tasks: tasks.toSorted((one, other) => (one.name < other.name ? -1 : 1))
      }
    }
  }
}

/** Aborts a run that takes too long, and leaves it to itself where it ignores that. */
function lateAfter(timeoutMs: number) {
  const controller = new AbortController()
  const abort = setTimeout(
    () => controller.abort(new Error(`it took longer than ${timeoutMs} ms`)),
    timeoutMs
  )
  let abandon: NodeJS.Timeout | undefined
  const abandoned = new Promise<never>((_, reject) => {
    abandon = setTimeout(() => reject(new Error('it ignored its aborted signal')), timeoutMs + abandonMs)
  })
  const forget = (): void => {
    clearTimeout(abort)
    clearTimeout(abandon)
  }
  return { signal: controller.signal, abandoned, forget }
}
