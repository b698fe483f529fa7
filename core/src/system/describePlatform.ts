import type { Logger, StatusReport } from '@signalbox/plugin'
import type { Consumers, ConsumerStatus } from '../consumers/Consumers.ts'
import type { Database } from '../data/Database.ts'
import type { PluginStatus } from '../plugins/Lifecycle.ts'
import type { RedisStatus } from '../realtime/RedisStream.ts'
import type { Tasks, TasksStatus } from '../tasks/index.ts'
import { version } from '../platform/version.ts'

export interface PlatformView {
  readonly uptime: () => number
  readonly plugins: () => Readonly<Record<string, PluginStatus>>
  readonly database: Database
  readonly tasks: Tasks
  readonly connections: () => number
  /** Connections that were dropped because their peer did not read. */
  readonly dropped: () => number
  /** Undefined where none is configured. */
  readonly redis: () => RedisStatus | undefined
  readonly consumers: Pick<Consumers, 'status'>
  readonly reports: readonly StatusReport[]
  readonly log: Logger
}

/** The answer of `GET /api/status`: the host's own state, and beside it what each plugin reports. */
export async function describePlatform(view: PlatformView) {
  const reports = await Promise.all(view.reports.map((report) => reported(report, view.log)))
  return {
    ...Object.assign({}, ...reports),
    version,
    uptime: view.uptime(),
    memory: process.memoryUsage().rss,
    connections: view.connections(),
    droppedConnections: view.dropped(),
    database: { kind: view.database.kind, version: view.database.version, state: view.database.state() },
    redis: view.redis() ?? null,
    tasks: await tasksOf(view),
    consumers: await consumersOf(view),
    plugins: view.plugins()
  }
}

/** One report that fails does not take the others with it. */
async function reported(report: StatusReport, log: Logger): Promise<object> {
  try {
    return await report()
  } catch (error) {
    log.warn({ err: error }, 'A plugin could not report its status')
    return {}
  }
}

async function tasksOf({ tasks, log }: PlatformView): Promise<TasksStatus | { readonly error: string }> {
  try {
    return await tasks.status()
  } catch (error) {
    log.warn({ err: error }, 'The tasks could not be read')
    return { error: 'The tasks could not be read.' }
  }
}

async function consumersOf({
  consumers,
  log
}: PlatformView): Promise<readonly ConsumerStatus[] | { readonly error: string }> {
  try {
    return await consumers.status()
  } catch (error) {
    log.warn({ err: error }, 'The consumers of the feed could not be read')
    return { error: 'The consumers of the feed could not be read.' }
  }
}
