import { AsyncResource } from 'node:async_hooks'
import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import { type Logger, PlatformError, type Task } from '@signalbox/plugin'
import {
  Agenda,
  backoffStrategies,
  type BackoffStrategy,
  InMemoryNotificationChannel,
  type Job,
  toJobId
} from 'agenda'
import { checkSchedule } from './checkSchedule.ts'
import { createRunner } from './createRunner.ts'
import { LockGate } from './LockGate.ts'
import { nextRun } from './nextRun.ts'
import { openTaskRepository } from './openTaskRepository.ts'
import type { Deferral, Recurrence, RecurringRow } from './TaskRepository.ts'
import type { Tasks, TaskStatus } from './Tasks.ts'
import type { TaskStore } from './TaskStore.ts'

/** The clocks of the task system, in milliseconds. */
export interface TaskTiming {
  /** How often the store is asked what is due soon, and so the shortest interval of a task. */
  readonly pollMs: number
  /** How long a node holds what it runs without a sign of life: so long after its death others take over. */
  readonly lockMs: number
  /** How long a run may ignore its aborted signal before it is left to itself. */
  readonly abandonMs: number
  /** The wait before deferred work that failed is tried again; five times as long before each further try. */
  readonly retryMs: number
}

export interface TasksOptions {
  readonly store: TaskStore
  readonly log: Logger
  /** The IANA time zone of the site, in which cron expressions are read. */
  readonly timeZone: string
  /** What this process is called in the store, where it is made unique. Default: the host's name. */
  readonly node?: string
  /** Defaults, in this order: 1 second, 15 seconds, 5 seconds, 1 second. */
  readonly timing?: Partial<TaskTiming>
}

interface Definition<Data> {
  readonly name: string
  /** How many this process may run at once. */
  readonly limit: number
  readonly backoff?: BackoffStrategy
  readonly run: (job: Job<Data>) => Promise<void>
}

const RETRIES = 3
const DEFERRED_AT_ONCE = 5
const DEFAULT_TIMEOUT_MS = 600_000
const LONGEST_TIMEOUT_MS = 2 ** 31 - 1
const defaults: TaskTiming = { pollMs: 1000, lockMs: 15_000, abandonMs: 5000, retryMs: 1000 }

function checkTimeout(name: string, timeout: number) {
  if (timeout >= 1 && timeout <= LONGEST_TIMEOUT_MS) return
  throw new PlatformError(
    'invalid',
    `Task ${name}: a timeout of ${timeout} is not possible; write 1 to ${LONGEST_TIMEOUT_MS} milliseconds.`
  )
}

function refuseClash(name: string, others: ReadonlySet<string>) {
  if (!others.has(name)) return
  throw new PlatformError('conflict', `Task ${name} is both recurring and deferred: give one another name.`)
}

function toStatus({ name, data, nextRunAt, lastRunAt, failReason }: RecurringRow): TaskStatus {
  return {
    name,
    every: data.every,
    ...(nextRunAt && { nextRunAt }),
    ...(lastRunAt && { lastRunAt }),
    ...(failReason && { lastError: failReason })
  }
}

/**
 * Opens the task system on a store. Agenda is the clock that locks and starts what is due; when a recurring
 * task is due next is decided here, when a run ends.
 *
 * @throws `unavailable` when the store does not answer
 */
export async function createTasks(options: TasksOptions): Promise<Tasks> {
  const { store, log, timeZone, node = hostname() } = options
  const { pollMs, lockMs, abandonMs, retryMs } = { ...defaults, ...options.timing }
  const units = store.kind === 'mongo' ? undefined : store.units
  const holder = `${node}/${randomUUID()}`
  const recurring = new Set<string>()
  const deferred = new Set<string>()
  let stopped: Promise<void> | undefined

  const runner = createRunner({ log, lockMs, abandonMs })
  const gate = new LockGate({ lockMs, log, runs: (id) => runner.has(id) })
  const repository = await openTaskRepository(store, gate)
  const channel = new InMemoryNotificationChannel()
  const agenda = new Agenda({
    name: holder,
    // It is connected already; Agenda itself would end the process where that fails.
    backend: { name: store.kind, repository, connect: async () => {}, disconnect: async () => {} },
    notificationChannel: channel,
    processEvery: pollMs,
    // See neverLapses.
    defaultLockLifetime: 1,
    // Each name has a limit of its own: many long tasks must not keep a short one waiting.
    maxConcurrency: 1000
  })
  agenda.on('error', (error: Error) => log.warn({ err: error }, 'a task could not be started or saved'))

  // Lets Agenda look for due rows of a name now. Runs must not inherit the context of whoever asked for them.
  const wake = AsyncResource.bind((name: string, nextRunAt: Date) => {
    if (channel.state !== 'connected') return
    const notification = { jobId: toJobId(''), jobName: name, nextRunAt, priority: 0, timestamp: new Date() }
    void channel.publish(notification)
  })

  // Agenda locks no more of a name than may run at once, so the next of a backlog would wait for its next look.
  agenda.on('complete', ({ attrs: { name } }: Job) => {
    if (deferred.has(name)) setImmediate(wake, name, new Date())
  })

  function define<Data>({ name, limit, run, backoff }: Definition<Data>) {
    // oxlint-disable-next-line typescript/no-misused-promises -- Agenda awaits it, by an overload tsc does not take
    agenda.define(name, run, { concurrency: limit, lockLimit: limit, ...(backoff && { backoff }) })
  }

  async function runRecurring(job: Job<Recurrence>, task: Task) {
    const { attrs } = job
    const startedAt = new Date()
    delete attrs.failReason
    try {
      await runner.run(job, task.timeout ?? DEFAULT_TIMEOUT_MS, (signal) => task.run(signal))
    } catch (error) {
      log.error({ task: attrs.name, err: error }, 'a task failed')
      throw error
    } finally {
      attrs.nextRunAt ??= nextRun(attrs.data, startedAt, new Date())
    }
  }

  async function runDeferred(
    job: Job<Deferral>,
    timeout: number,
    work: (signal: AbortSignal) => Promise<void>
  ) {
    const { name: task, failCount = 0 } = job.attrs
    const attempt = failCount + 1
    try {
      await runner.run(job, timeout, work)
    } catch (error) {
      if (attempt > RETRIES) log.error({ task, attempt, err: error }, 'deferred work failed and was given up')
      else log.warn({ task, attempt, err: error }, 'deferred work failed and will be tried again')
      throw error
    }
  }

  async function stop(graceMs: number) {
    runner.close()
    await gate.close()
    const interrupt = setTimeout(() => runner.interrupt(), graceMs)
    // By then even those that ignore their signal have been left to themselves.
    await agenda.drain({ timeout: graceMs + abandonMs + pollMs })
    clearTimeout(interrupt)
    await repository.release(holder).catch((error: unknown) => {
      log.warn({ err: error }, 'what the stopped tasks had locked stays so until the locks lapse')
    })
    await repository.close()
  }

  return {
    async add(owner, task) {
      const name = `${owner}.${task.name}`
      const schedule = { every: task.every, timeZone }
      checkSchedule(name, schedule, pollMs)
      checkTimeout(name, task.timeout ?? DEFAULT_TIMEOUT_MS)
      refuseClash(name, deferred)
      recurring.add(name)
      const now = new Date()
      await repository.schedule(name, { ...schedule, first: nextRun(schedule, now, now).toISOString() })
      define<Recurrence>({ name, limit: 1, run: (job) => runRecurring(job, task) })
    },

    async once(owner, name, payload, { at = new Date(), key } = {}) {
      const task = `${owner}.${name}`
      await repository.defer(task, { payload, ...(key !== undefined && { key }) }, at)
      if (units) units.afterCommit(() => wake(task, at))
      else wake(task, at)
    },

    handle(owner, name, run, { timeout = DEFAULT_TIMEOUT_MS } = {}) {
      const task = `${owner}.${name}`
      checkTimeout(task, timeout)
      refuseClash(task, recurring)
      deferred.add(task)
      define<Deferral>({
        name: task,
        limit: DEFERRED_AT_ONCE,
        backoff: backoffStrategies.exponential({ delay: retryMs, factor: 5, maxRetries: RETRIES }),
        run: (job) => runDeferred(job, timeout, (signal) => run(job.attrs.data.payload, signal))
      })
    },

    start: () => agenda.start(),

    stop: ({ graceMs }) => (stopped ??= stop(graceMs)),

    async status() {
      const rows = await repository.recurring([...recurring])
      return { running: runner.count(), tasks: rows.map(toStatus) }
    }
  }
}
