import type { Caller, Resource, Scopes, Service, ServiceOf } from '@signalbox/plugin'
import type { ManualClock } from '../clock/ManualClock.ts'
import { systemClock } from '../clock/systemClock.ts'
import type { PlatformConfig } from '../config/PlatformConfig.ts'
import { shortName } from '../config/shortName.ts'
import { createUnitsOfWork, type UnitsOfWork } from '../data/unitOfWork.ts'
import { Feed } from '../feed/Feed.ts'
import { seed } from '../identity/seed.ts'
import { createLogger } from '../logging/createLogger.ts'
import { joinNodes } from '../nodes/joinNodes.ts'
import { collectModels } from '../plugins/collectModels.ts'
import { orderPlugins } from '../plugins/orderPlugins.ts'
import { Registry } from '../resources/Registry.ts'
import { createManualTasks, createTasks, type TaskStore } from '../tasks/index.ts'
import { assembleHost, type Host } from './assembleHost.ts'
import { corePlugin } from './corePlugin.ts'
import { documentsInput } from './documentsInput.ts'
import { openDoors } from './openDoors.ts'
import { openStore, type Store } from './openStore.ts'
import { openRedisStream } from './openRedisStream.ts'

/** One running host. */
export interface Platform {
  /** Opens the doors; resolves when every plugin has been started (or has failed and waits for its next try). */
  start(): Promise<StartedPlatform>
  /** Closes the doors, stops plugins in reverse, and leaves nothing running. Safe to call twice. */
  stop(): Promise<void>
}

export interface StartedPlatform {
  /** Where it answers, with the base path. */
  readonly url: string
  /** The first administrator's password, where this start made one up. */
  readonly generatedPassword: string | undefined
  /** A resource or service, typed by its value, for code beside the platform. */
  service<R extends Resource | Service>(resource: R, options?: { readonly as?: Caller }): ServiceOf<R>
  /** The tree of scopes, for code beside the platform. */
  readonly scopes: Scopes
  /** Resolves when everything committed so far has been announced. */
  drain(): Promise<void>
}

export interface PlatformOptions {
  /** Time that is moved by hand, for tests: tasks run by it, and plugins read it. Default: real time. */
  readonly clock?: ManualClock
}

/** Makes a platform from its configuration; nothing is opened before `start`. */
export function createPlatform(config: PlatformConfig, options: PlatformOptions = {}): Platform {
  const undo: (() => Promise<unknown>)[] = []
  let started: Promise<StartedPlatform> | undefined
  let stopped: Promise<void> | undefined

  /** Everything is undone, whatever fails on the way; the first fault is told at the end. */
  const tearDown = async (): Promise<void> => {
    const faults: unknown[] = []
    for (const step of undo.splice(0).toReversed()) await step().catch((error: unknown) => faults.push(error))
    if (faults.length) throw faults[0]
  }
  const start = async (): Promise<StartedPlatform> => {
    try {
      return await bringUp(config, options, (step) => undo.push(step))
    } catch (error) {
      await tearDown().catch(() => {})
      throw error
    }
  }
  const stop = async (): Promise<void> => {
    await started?.catch(() => {})
    await tearDown()
  }
  return { start: () => (started ??= start()), stop: () => (stopped ??= stop()) }
}

/** Brings a platform up, floor by floor: store, feed, tasks, host, doors, plugins. */
async function bringUp(
  config: PlatformConfig,
  { clock }: PlatformOptions,
  defer: (step: () => Promise<unknown>) => void
): Promise<StartedPlatform> {
  const log = createLogger({ ...config.log, secretValues: config.secretValues })
  for (const warning of config.warnings) log.warn({}, warning)
  if (config.auth.mode === 'open') {
    log.warn({ role: config.auth.as }, 'Open mode: callers on this machine need no token')
  }
  let host: Host | undefined
  const chosen = config.plugins.filter(({ name }) => config.only?.includes(shortName(name)) ?? true)
  const plugins = [corePlugin(() => (host as Host).core), ...orderPlugins(chosen)]
  const registry = new Registry()
  for (const model of collectModels(plugins)) registry.add(model)
  const documents = documentsInput(config, plugins, registry.models())

  const store = await openStore(config, plugins, log)
  const { knex } = store.database
  defer(() => store.database.close())
  const units = createUnitsOfWork(knex)
  const node = await joinNodes({ ...store, log })
  defer(() => node.close())
  const stream = await openRedisStream({ config, store, node, log })
  // After the plugins stop: the other nodes hear their last events.
  defer(async () => stream?.close())
  const feed = new Feed({ knex, log, retentionDays: config.feedRetentionDays, node })
  await feed.open()
  defer(() => feed.stop())
  const tasks = clock
    ? createManualTasks({ clock, log, timeZone: config.timeZone, units })
    : await createTasks({ store: taskStore(config, store, units), log, timeZone: config.timeZone })
  defer(() => tasks.stop({ graceMs: 5000 }))

  host = assembleHost({
    config,
    log,
    plugins,
    registry,
    store,
    units,
    feed,
    tasks,
    node,
    stream,
    clock: clock ?? systemClock
  })
  const { settings, service, permissions, health, core } = host
  host.mount()
  await settings.load()
  const generatedPassword = await seed({ units, service, declared: permissions, administrator: config.admin })

  const status = (): string => core.health().status
  const doors = await openDoors({ ...host, feed, documents, registry, config, log, status, stream })
  defer(() => doors.close())
  host.attach(doors.realtime)
  await feed.start()
  await tasks.start()
  defer(() => (host as Host).plugins.stop())
  // Once more, before the plugins stop: the doors close first, and closing them twice is no harm.
  defer(() => doors.close())
  await host.plugins.start()
  health.ready = true
  return { url: doors.url, generatedPassword, service, scopes: core.scopes, drain: () => feed.drain() }
}

function taskStore({ tasks: { mongo } }: PlatformConfig, { database }: Store, units: UnitsOfWork): TaskStore {
  if (mongo !== undefined) return { kind: 'mongo', url: mongo }
  const { kind, pool, knex } = database
  return { kind, pool, knex, units }
}
