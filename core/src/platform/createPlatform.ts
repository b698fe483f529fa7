import { feathers } from '@feathersjs/feathers'
import { statusReports, type Caller, type Resource, type Service, type ServiceOf } from '@signalbox/plugin'
import { Access } from '../access/Access.ts'
import { databaseGrants } from '../access/GrantSource.ts'
import { permissionsOf } from '../access/permissions.ts'
import type { PlatformConfig } from '../config/PlatformConfig.ts'
import { shortName } from '../config/shortName.ts'
import { plainBox } from '../data/SecretBox.ts'
import { createUnitsOfWork } from '../data/unitOfWork.ts'
import { Feed } from '../feed/Feed.ts'
import { createIdentity } from '../identity/createIdentity.ts'
import { users } from '../identity/resources.ts'
import { seed } from '../identity/seed.ts'
import { collectModels } from '../plugins/collectModels.ts'
import { orderPlugins } from '../plugins/orderPlugins.ts'
import { PluginHost } from '../plugins/PluginHost.ts'
import { Commands } from '../realtime/Commands.ts'
import type { Realtime } from '../realtime/createRealtime.ts'
import { Idempotency } from '../resources/Idempotency.ts'
import { mountAll } from '../resources/mountAll.ts'
import { pipeline } from '../resources/pipeline.ts'
import { Registry } from '../resources/Registry.ts'
import { serviceFacade } from '../resources/serviceFacade.ts'
import type { TableService } from '../resources/TableService.ts'
import { corePlugin, type CoreParts } from './corePlugin.ts'
import { createLogger } from '../logging/createLogger.ts'
import { describePlatform } from '../system/describePlatform.ts'
import { Health } from '../system/Health.ts'
import { openDoors } from './openDoors.ts'
import { openStore } from './openStore.ts'
import { Settings } from '../system/Settings.ts'
import { createTasks } from '../tasks/index.ts'

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
  /** Resolves when everything committed so far has been announced. */
  drain(): Promise<void>
}

/** Makes a platform from its configuration; nothing is opened before `start`. */
export function createPlatform(config: PlatformConfig): Platform {
  const undo: (() => Promise<unknown>)[] = []
  let started: Promise<StartedPlatform> | undefined
  let stopped: Promise<void> | undefined

  const tearDown = async (): Promise<void> => {
    for (const step of undo.splice(0).toReversed()) await step()
  }
  const start = async (): Promise<StartedPlatform> => {
    try {
      return await bringUp(config, (step) => undo.push(step))
    } catch (error) {
      await tearDown()
      throw error
    }
  }
  const stop = async (): Promise<void> => {
    await started?.catch(() => {})
    await tearDown()
  }
  return { start: () => (started ??= start()), stop: () => (stopped ??= stop()) }
}

/** Brings a platform up, floor by floor: store, resources, feed, tasks, doors, plugins. */
async function bringUp(
  config: PlatformConfig,
  defer: (step: () => Promise<unknown>) => void
): Promise<StartedPlatform> {
  const log = createLogger({ ...config.log, secretValues: config.secretValues })
  for (const warning of config.warnings) log.warn({}, warning)
  const parts: { core?: CoreParts; realtime?: Realtime; tables?: ReadonlyMap<string, TableService> } = {}
  const chosen = config.plugins.filter(({ name }) => config.only?.includes(shortName(name)) ?? true)
  const plugins = [corePlugin(() => parts.core as CoreParts), ...orderPlugins(chosen)]
  const registry = new Registry()
  for (const model of collectModels(plugins)) registry.add(model)

  const store = await openStore(config, plugins, log)
  const { database } = store
  defer(() => database.close())
  const units = createUnitsOfWork(database.knex)
  const feed = new Feed({ knex: database.knex, log, retentionDays: config.feedRetentionDays })
  defer(() => feed.stop())

  const app = feathers()
  const permissions = registry.models().flatMap(permissionsOf)
  const access = new Access(databaseGrants(units, () => permissions))
  const { identity, sessions, tokens } = createIdentity(app, registry, { config, store, units })
  const idempotency = new Idempotency(units)
  const settings = new Settings(units, feed.wake)
  for (const { name, settings: declared = {} } of plugins) settings.declare(shortName(name), declared)
  const commands = new Commands()

  const { mongo } = config.tasks
  const { kind, pool, knex } = database
  const tasks = await createTasks({
    store: mongo === undefined ? { kind, pool, knex, units } : { kind: 'mongo', url: mongo },
    log,
    timeZone: config.timeZone
  })
  const host = new PluginHost({
    app,
    registry,
    units,
    commands,
    settings,
    log,
    tasks,
    instance: store.instance,
    config,
    tables: () => parts.tables as ReadonlyMap<string, TableService>,
    publisher: () => (parts.realtime as Realtime).publisher
  })

  const health = new Health(config, database)
  parts.core = {
    access,
    units,
    identity,
    sessions,
    feed,
    idempotency,
    settings,
    vacuum: () => database.vacuum(),
    ready: () => health.ready,
    health: () => health.report(host.status()),
    status: () =>
      describePlatform({
        uptime: () => health.uptime,
        plugins: () => host.status(),
        reports: host.extensions.collect(statusReports),
        connections: () => parts.realtime?.connections() ?? 0,
        database,
        tasks,
        log
      })
  }
  const callerOf = (token: string): Promise<Caller | undefined> => identity.callerOf(token)
  app.hooks({ around: { all: [pipeline({ registry, access, units, idempotency, callerOf })] } })
  host.register(plugins)
  parts.tables = mountAll({
    app,
    registry,
    handlers: host.handlers,
    units,
    onChange: feed.wake,
    secretsOf: (path) => (path === users.path ? plainBox : store.secrets),
    ready: { authentication: tokens.service }
  })
  await settings.load()
  const service = (resource: Resource | Service, options: { readonly as?: Caller } = {}): any =>
    serviceFacade(app, registry.at(resource.path).model, options.as)
  const generatedPassword = await seed({ units, service, declared: permissions, administrator: config.admin })

  const status = (): string => health.report(host.status()).status
  const doors = await openDoors({ app, registry, access, identity, commands, plugins, config, log, status })
  const { realtime } = doors
  parts.realtime = realtime
  feed.listen(realtime.publisher.publish)
  feed.listen(({ resource }) => {
    if (['users', 'roles', 'grants'].includes(resource)) void realtime.rejoin()
  })
  sessions.onEnd((sessionId) => realtime.cut(sessionId))
  await feed.start()
  defer(() => tasks.stop({ graceMs: 5000 }))
  await tasks.start()
  defer(() => host.stop())
  defer(() => doors.close())
  await host.start()
  health.ready = true
  return { url: doors.url, generatedPassword, service, drain: () => feed.drain() }
}
