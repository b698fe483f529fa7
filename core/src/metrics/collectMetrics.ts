import type { Logger } from '@signalbox/plugin'
import type { Database } from '../data/Database.ts'
import { withinDeadline } from '../data/withinDeadline.ts'
import type { DoorTable } from '../doors/DoorTable.ts'
import { feedLag } from '../feed/feedLag.ts'
import type { PluginStatus } from '../plugins/Lifecycle.ts'
import type { Realtime } from '../realtime/createRealtime.ts'
import type { RedisStatus } from '../realtime/RedisStream.ts'
import type { Tasks } from '../tasks/index.ts'
import type { LoopDelay } from './LoopDelay.ts'
import type { Metric, Sample } from './Metric.ts'
import type { Traffic } from './Traffic.ts'

export interface MetricsSources {
  readonly database: Database
  readonly tasks: Tasks
  readonly doors: DoorTable
  readonly traffic: Traffic
  /** It is read and begun anew. */
  readonly loopDelay: LoopDelay
  /** Undefined until the doors are open. */
  readonly realtime: Realtime | undefined
  /** Undefined where no Redis is configured. */
  readonly redis: RedisStatus | undefined
  readonly plugins: Readonly<Record<string, PluginStatus>>
  readonly log: Logger
}

/** What the database gets to say how far the feed is and how the tasks do. */
const deadlineMs = 2000

/** Everything that is measured, as of now. What a database that does not answer would say is left out. */
export async function collectMetrics(sources: MetricsSources): Promise<Metric[]> {
  const { traffic, log } = sources
  const stored: Metric[] = []
  const reading = Promise.all([feedMetrics(sources), taskMetrics(sources)]).then((read) =>
    stored.push(...read.flat())
  )
  await withinDeadline(reading, deadlineMs).catch((error: unknown) =>
    log.warn({ err: error }, 'The feed and the tasks could not be measured')
  )
  return [
    ...processMetrics(sources),
    ...databaseMetrics(sources),
    ...stored,
    ...socketMetrics(sources),
    ...redisMetrics(sources),
    ...doorMetrics(sources),
    pluginMetric(sources),
    ...traffic.read()
  ]
}

function processMetrics({ loopDelay }: MetricsSources): Metric[] {
  const quantiles = [0.5, 0.9, 0.99, 1]
  const delays = loopDelay.take(quantiles)
  const { user, system } = process.cpuUsage()
  return [
    gauge(
      'signalbox_event_loop_delay_seconds',
      'Delay of the event loop since the last reading',
      quantiles.map((quantile, n) => ({ labels: { quantile: String(quantile) }, value: delays[n] ?? 0 }))
    ),
    gauge('process_resident_memory_bytes', 'Memory of the process', process.memoryUsage.rss()),
    gauge('process_start_time_seconds', 'Start of the process, Unix time', performance.timeOrigin / 1000),
    counter('process_cpu_seconds_total', 'Time that the process computed', (user + system) / 1e6)
  ]
}

function databaseMetrics({ database }: MetricsSources): Metric[] {
  const { totalCount, idleCount, waitingCount } = database.pool
  return [
    gauge('signalbox_database_up', 'Whether the database answered when last heard of', [
      { value: database.state() === 'up' ? 1 : 0 }
    ]),
    gauge('signalbox_database_connections', 'Connections to the database; waiting are those who want one', [
      { labels: { state: 'used' }, value: totalCount - idleCount },
      { labels: { state: 'idle' }, value: idleCount },
      { labels: { state: 'waiting' }, value: waitingCount }
    ])
  ]
}

async function feedMetrics({ database }: MetricsSources): Promise<Metric[]> {
  const { unnumbered, age, seq } = await feedLag(database.knex)
  return [
    gauge('signalbox_feed_unnumbered', 'Committed changes that have no number yet, up to 10,000', unnumbered),
    gauge('signalbox_feed_lag_seconds', 'Age of the oldest change without a number', age),
    gauge('signalbox_feed_seq', 'The newest number of the change feed', seq)
  ]
}

async function taskMetrics({ tasks }: MetricsSources): Promise<Metric[]> {
  const { running, tasks: known } = await tasks.status()
  const failed = known.map(({ name, lastError }) => ({
    labels: { task: name },
    value: lastError === undefined ? 0 : 1
  }))
  return [
    gauge('signalbox_tasks_running', 'Runs of tasks under way on this node', running),
    gauge('signalbox_task_failed', 'Whether the last run of a task failed', failed)
  ]
}

function socketMetrics({ realtime }: MetricsSources): Metric[] {
  return [
    gauge('signalbox_sockets', 'Socket.IO connections', realtime?.connections() ?? 0),
    gauge('signalbox_rooms', 'Rooms in which a socket stands', realtime?.rooms() ?? 0),
    counter(
      'signalbox_sockets_dropped_total',
      'Sockets dropped because they read too slowly',
      realtime?.dropped() ?? 0
    )
  ]
}

function redisMetrics({ redis }: MetricsSources): Metric[] {
  if (!redis) return []
  const { state, ...counts } = redis
  const events = Object.entries(counts).map(([way, value]) => ({ labels: { way }, value }))
  return [
    gauge('signalbox_redis_up', 'Whether Redis takes and hands on named events', state === 'up' ? 1 : 0),
    counter(
      'signalbox_redis_events_total',
      'Named events sent to other nodes, heard of them, and skipped because Redis failed',
      events
    )
  ]
}

function doorMetrics({ doors }: MetricsSources): Metric[] {
  const status = doors.status()
  const of = (key: 'connections' | 'refused' | 'dead' | 'skipped'): Sample[] =>
    status.map((door) => ({ labels: { door: door.path }, value: door[key] }))
  return [
    gauge('signalbox_door_connections', 'Peers at a native WebSocket door', of('connections')),
    counter('signalbox_door_refused_total', 'Peers refused because the door was full', of('refused')),
    counter('signalbox_door_dead_total', 'Peers dropped because they answered no ping', of('dead')),
    counter('signalbox_door_skipped_total', 'Messages not sent to peers that read too slowly', of('skipped'))
  ]
}

function pluginMetric({ plugins }: MetricsSources): Metric {
  const samples = Object.entries(plugins).map(([plugin, { state }]) => ({
    labels: { plugin, state },
    value: 1
  }))
  return gauge('signalbox_plugin_state', 'The state of each plugin', samples)
}

function gauge(name: string, help: string, value: number | Sample[]): Metric {
  return { name, help, type: 'gauge', samples: typeof value === 'number' ? [{ value }] : value }
}

function counter(name: string, help: string, value: number | Sample[]): Metric {
  return { ...gauge(name, help, value), type: 'counter' }
}
