import { feathers, type Application } from '@feathersjs/feathers'
import {
  statusReports,
  type Caller,
  type Clock,
  type Logger,
  type Plugin,
  type Resource,
  type Service,
  type ServiceOf
} from '@signalbox/plugin'
import { Access } from '../access/Access.ts'
import { databaseGrants } from '../access/GrantSource.ts'
import { ScopeTree } from '../access/ScopeTree.ts'
import { permissionsOf, type Permission } from '../access/permissions.ts'
import type { PlatformConfig } from '../config/PlatformConfig.ts'
import { shortName } from '../config/shortName.ts'
import { plainBox } from '../data/SecretBox.ts'
import { Consumers } from '../consumers/Consumers.ts'
import type { UnitsOfWork } from '../data/unitOfWork.ts'
import { DoorTable } from '../doors/DoorTable.ts'
import type { Feed } from '../feed/Feed.ts'
import { createIdentity } from '../identity/createIdentity.ts'
import type { Identity } from '../identity/Identity.ts'
import { apiKeys, users } from '../identity/resources.ts'
import { openMode } from '../identity/openMode.ts'
import type { Sessions } from '../identity/Sessions.ts'
import { RequestLimiter } from '../limits/RequestLimiter.ts'
import { collectMetrics } from '../metrics/collectMetrics.ts'
import { LoopDelay } from '../metrics/LoopDelay.ts'
import { Traffic } from '../metrics/Traffic.ts'
import type { Node } from '../nodes/Node.ts'
import { PluginHost, type PluginLogger } from '../plugins/PluginHost.ts'
import { Commands } from '../realtime/Commands.ts'
import type { Realtime } from '../realtime/createRealtime.ts'
import type { ScopesOf } from '../realtime/Publisher.ts'
import type { RedisStream } from '../realtime/RedisStream.ts'
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
import { hearNodes } from './hearNodes.ts'
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
  readonly node: Node
  readonly stream: RedisStream | undefined
  readonly clock: Clock
}

/** The host without its doors: every resource mounted, every plugin registered, none started. */
export interface Host {
  readonly app: Application
  readonly access: Access
  readonly identity: Identity
  readonly sessions: Sessions
  /** Reads where a record stands. */
  readonly scopesOf: ScopesOf
  readonly limiter: RequestLimiter
  readonly commands: Commands
  readonly doors: DoorTable
  readonly traffic: Traffic
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
  tasks,
  node,
  stream,
  clock
}: HostOptions): Host {
  const { database } = store
  const app = feathers()
  const permissions = registry.models().flatMap(permissionsOf)
  const access = new Access(databaseGrants(units, () => permissions))
  const { identity, sessions, keys, tokens } = createIdentity(app, registry, { config, store, units })
  const limiter = new RequestLimiter(config.limits)
  const idempotency = new Idempotency(units)
  const commands = new Commands()
  const health = new Health(config, database)
  const settings = new Settings(units, feed.wake)
  for (const { name, settings: declared = {} } of plugins) settings.declare(shortName(name), declared)
  const callerOf = (token: string) => identity.callerOf(token)
  const openCaller = openMode(config.auth.mode === 'open' ? config.auth.as : undefined)
  const doors = new DoorTable({
    ...config.websocket,
    ...config,
    graceSeconds: config.tokens.graceSeconds,
    log,
    callerOf,
    openCaller,
    refreshed: (caller) => identity.refreshed(caller)
  })
  const traffic = new Traffic()
  const loopDelay = new LoopDelay()
  const { knex } = database
  const consumers = new Consumers({ feed, knex, leases: node.leases, log })
  const scopes = new ScopeTree(units, () => {
    access.forget()
    feed.wake()
  })
  const host = new PluginHost({
    app,
    registry,
    units,
    commands,
    settings,
    log,
    tasks,
    clock,
    doors,
    instance: store.instance,
    leases: node.leases,
    consumers,
    scopes,
    config
  })
  hearNodes({ ...node, feed, access, identity, sessions, keys, settings, log })
  let realtime: Realtime | undefined
  const scopesOf: ScopesOf = (path, id) => host.scopesOf(path, id)

  const describe = () =>
    describePlatform({
      uptime: () => health.uptime,
      plugins: () => host.status(),
      reports: host.extensions.collect(statusReports),
      connections: () => realtime?.connections() ?? 0,
      dropped: () => realtime?.dropped() ?? 0,
      redis: () => stream?.status,
      database,
      tasks,
      consumers,
      log
    })
  const core: CoreParts = {
    access,
    units,
    identity,
    sessions,
    scopes,
    scopesOf,
    paths: () => registry.models().map(({ path }) => path),
    resume: (connectionId, leftOff) => (realtime as Realtime).resume(connectionId, leftOff),
    keys,
    renew: (connectionId, accessToken) => (realtime as Realtime).renew(connectionId, accessToken),
    feed,
    idempotency,
    settings,
    vacuum: () => database.vacuum(),
    ready: () => health.ready,
    health: () => health.report(host.status(), stream?.status),
    status: describe,
    loopDelay,
    metrics: () =>
      collectMetrics({
        database,
        tasks,
        doors,
        traffic,
        loopDelay,
        realtime,
        redis: stream?.status,
        plugins: host.status(),
        log
      })
  }

  return {
    app,
    access,
    identity,
    sessions,
    scopesOf,
    limiter,
    commands,
    doors,
    traffic,
    settings,
    health,
    plugins: host,
    permissions,
    core,
    service: (resource, options = {}) =>
      serviceFacade(app, registry.at(resource.path).model, options.as) as ServiceOf<typeof resource>,
    mount: () => {
      app.hooks({ around: { all: [pipeline({ registry, access, units, idempotency, callerOf, limiter })] } })
      host.register(plugins)
      const tables = mountAll({
        app,
        registry,
        handlers: host.handlers,
        units,
        onChange: feed.wake,
        secretsOf: (path) => ([users.path, apiKeys.path].includes(path) ? plainBox : store.secrets),
        ready: { authentication: tokens.service }
      })
      host.useTables(tables)
    },
    attach: (opened) => {
      realtime = opened
      host.usePublisher(opened.publisher)
      feed.listen(opened.hear)
      feed.listen(({ resource }) => {
        if (['users', 'roles', 'grants'].includes(resource)) void doors.refresh()
      })
      // What ended while this node did not hear of it is found by looking at every socket.
      node.bus.onTurn((connected) => {
        opened.hears(connected)
        if (connected) opened.rejoin()
        if (connected) void doors.refresh()
      })
      // A key that was changed lets its callers come back with what it allows now; one that was revoked does not.
      feed.listen(({ resource, recordId, action }) => {
        if (resource !== apiKeys.path || action === 'created') return
        opened.cut(recordId)
        void doors.refresh()
      })
      sessions.onEnd((sessionId) => opened.cut(sessionId))
      sessions.onEnd((sessionId) => doors.cut(sessionId))
    }
  }
}
