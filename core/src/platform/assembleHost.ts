import { feathers, type Application } from '@feathersjs/feathers'
import {
  statusReports,
  type Caller,
  type Logger,
  type Plugin,
  type Resource,
  type Service,
  type ServiceOf
} from '@signalbox/plugin'
import { Access } from '../access/Access.ts'
import { databaseGrants } from '../access/GrantSource.ts'
import { permissionsOf, type Permission } from '../access/permissions.ts'
import type { PlatformConfig } from '../config/PlatformConfig.ts'
import { shortName } from '../config/shortName.ts'
import { plainBox } from '../data/SecretBox.ts'
import type { UnitsOfWork } from '../data/unitOfWork.ts'
import type { Feed } from '../feed/Feed.ts'
import { createIdentity } from '../identity/createIdentity.ts'
import type { Identity } from '../identity/Identity.ts'
import { users } from '../identity/resources.ts'
import type { Sessions } from '../identity/Sessions.ts'
import { PluginHost, type PluginLogger } from '../plugins/PluginHost.ts'
import { Commands } from '../realtime/Commands.ts'
import type { Realtime } from '../realtime/createRealtime.ts'
import { Idempotency } from '../resources/Idempotency.ts'
import { mountAll } from '../resources/mountAll.ts'
import { pipeline } from '../resources/pipeline.ts'
import type { Registry } from '../resources/Registry.ts'
import { serviceFacade } from '../resources/serviceFacade.ts'
import { describePlatform } from '../system/describePlatform.ts'
import { Health } from '../system/Health.ts'
import { Settings } from '../system/Settings.ts'
import type { Tasks } from '../tasks/index.ts'
import type { CoreParts } from './corePlugin.ts'
import type { Store } from './openStore.ts'

export interface HostOptions {
  readonly config: PlatformConfig
  readonly log: PluginLogger & Logger
  readonly plugins: readonly Plugin[]
  readonly registry: Registry
  readonly store: Store
  readonly units: UnitsOfWork
  readonly feed: Feed
  readonly tasks: Tasks
}

/** The host without its doors: every resource mounted, every plugin registered, none started. */
export interface Host {
  readonly app: Application
  readonly access: Access
  readonly identity: Identity
  readonly sessions: Sessions
  readonly commands: Commands
  readonly settings: Settings
  readonly health: Health
  readonly plugins: PluginHost
  readonly permissions: readonly Permission[]
  readonly core: CoreParts
  readonly service: <R extends Resource | Service>(
    resource: R,
    options?: { readonly as?: Caller }
  ) => ServiceOf<R>
  /** Registers the plugins and mounts what they declare. Their handlers find the host from now on. */
  mount(): void
  /** Says where events go, now that the doors are open. */
  attach(realtime: Realtime): void
}

/** Puts the parts of the host together. Nothing is opened here, and nothing runs yet. */
export function assembleHost({
  config,
  log,
  plugins,
  registry,
  store,
  units,
  feed,
  tasks
}: HostOptions): Host {
  const { database } = store
  const app = feathers()
  const permissions = registry.models().flatMap(permissionsOf)
  const access = new Access(databaseGrants(units, () => permissions))
  const { identity, sessions, tokens } = createIdentity(app, registry, { config, store, units })
  const idempotency = new Idempotency(units)
  const commands = new Commands()
  const health = new Health(config, database)
  const settings = new Settings(units, feed.wake)
  for (const { name, settings: declared = {} } of plugins) settings.declare(shortName(name), declared)
  const host = new PluginHost({
    app,
    registry,
    units,
    commands,
    settings,
    log,
    tasks,
    instance: store.instance,
    config
  })
  let realtime: Realtime | undefined

  const describe = () =>
    describePlatform({
      uptime: () => health.uptime,
      plugins: () => host.status(),
      reports: host.extensions.collect(statusReports),
      connections: () => realtime?.connections() ?? 0,
      dropped: () => realtime?.dropped() ?? 0,
      database,
      tasks,
      log
    })
  const core: CoreParts = {
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
    status: describe
  }
  const callerOf = (token: string): Promise<Caller | undefined> => identity.callerOf(token)

  return {
    app,
    access,
    identity,
    sessions,
    commands,
    settings,
    health,
    plugins: host,
    permissions,
    core,
    service: (resource, options = {}) =>
      serviceFacade(app, registry.at(resource.path).model, options.as) as ServiceOf<typeof resource>,
    mount: () => {
      app.hooks({ around: { all: [pipeline({ registry, access, units, idempotency, callerOf })] } })
      host.register(plugins)
      const tables = mountAll({
        app,
        registry,
        handlers: host.handlers,
        units,
        onChange: feed.wake,
        secretsOf: (path) => (path === users.path ? plainBox : store.secrets),
        ready: { authentication: tokens.service }
      })
      host.useTables(tables)
    },
    attach: (opened) => {
      realtime = opened
      host.usePublisher(opened.publisher)
      feed.listen(opened.publisher.publish)
      feed.listen(({ resource }) => {
        if (['users', 'roles', 'grants'].includes(resource)) void opened.rejoin()
      })
      sessions.onEnd((sessionId) => opened.cut(sessionId))
    }
  }
}
