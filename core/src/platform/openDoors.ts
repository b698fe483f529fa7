import { once } from 'node:events'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Application } from '@feathersjs/feathers'
import type { Logger } from '@signalbox/plugin'
import type { Access } from '../access/Access.ts'
import type { PlatformConfig } from '../config/PlatformConfig.ts'
import type { DocumentsInput } from '../documents/DocumentsInput.ts'
import { createDocumentPages } from '../documents/pages.ts'
import { dispatchUpgrades } from '../doors/dispatchUpgrades.ts'
import type { DoorTable } from '../doors/DoorTable.ts'
import type { Feed } from '../feed/Feed.ts'
import type { Identity } from '../identity/Identity.ts'
import type { RequestLimiter } from '../limits/RequestLimiter.ts'
import { openMode } from '../identity/openMode.ts'
import type { Traffic } from '../metrics/Traffic.ts'
import type { Commands } from '../realtime/Commands.ts'
import { createRealtime, type Realtime } from '../realtime/createRealtime.ts'
import type { ScopesOf } from '../realtime/Publisher.ts'
import type { RedisStream } from '../realtime/RedisStream.ts'
import type { Registry } from '../resources/Registry.ts'
import { createHttpServer } from '../rest/createHttpServer.ts'
import { documentsDoor } from '../rest/documentsDoor.ts'
import { metricsDoor } from '../rest/metricsDoor.ts'
import { restDoor } from '../rest/restDoor.ts'

export interface DoorOptions {
  readonly app: Application
  readonly registry: Registry
  readonly access: Access
  readonly feed: Feed
  readonly scopesOf: ScopesOf
  readonly identity: Identity
  readonly limiter: RequestLimiter
  readonly commands: Commands
  readonly doors: DoorTable
  readonly traffic: Traffic
  readonly documents: DocumentsInput
  readonly config: PlatformConfig
  readonly log: Logger
  readonly status: () => string
  /** Where named events go through to other nodes. */
  readonly stream: RedisStream | undefined
}

export interface Doors {
  readonly url: string
  readonly realtime: Realtime
  /** Safe to call twice. */
  close(): Promise<void>
}

/** Opens the ways in: REST, the documents, Socket.IO and the plugins’ own doors, on one HTTP server. */
export async function openDoors(options: DoorOptions): Promise<Doors> {
  const { app, registry, access, identity, commands, doors, traffic, config, log } = options
  const { basePath, bodyLimit, corsOrigins } = config
  const openCaller = openMode(config.auth.mode === 'open' ? config.auth.as : undefined)
  const rest = restDoor({ app, registry, root: `${basePath}/api`, bodyLimit, openCaller })
  const documents = documentsDoor({ ...options, pages: createDocumentPages(options.documents) })
  const server = createHttpServer({
    app,
    log,
    trustProxy: config.trustProxy,
    corsOrigins,
    observe: traffic.request,
    doors: [documents, metricsDoor({ app, ...config, openCaller }), rest]
  })
  const realtime = createRealtime({
    server,
    app,
    registry,
    access,
    feed: options.feed,
    scopesOf: options.scopesOf,
    commands,
    log,
    basePath,
    bodyLimit,
    corsOrigins,
    trustProxy: config.trustProxy,
    observe: traffic.call,
    ...config.websocket,
    graceSeconds: config.tokens.graceSeconds,
    limiter: options.limiter,
    stream: options.stream,
    openCaller,
    callerOf: (token) => identity.callerOf(token),
    refreshed: (caller) => identity.refreshed(caller)
  })
  dispatchUpgrades(server, { doors, basePath, socketIoPath: `${basePath}/socket.io/` })
  await listen(server, config)
  let closed: Promise<void> | undefined
  return {
    url: urlOf(server, config),
    realtime,
    close: () => (closed ??= closeDoors(server, realtime, doors))
  }
}

/** What is being answered gets two seconds to be answered. */
async function closeDoors(server: Server, realtime: Realtime, doors: DoorTable): Promise<void> {
  const closed = once(server, 'close')
  server.close()
  await Promise.all([realtime.close(), doors.close()])
  server.closeIdleConnections()
  const late = setTimeout(() => server.closeAllConnections(), 2000)
  await closed
  clearTimeout(late)
}

async function listen(server: Server, { port, host }: PlatformConfig): Promise<void> {
  server.listen(port, host)
  try {
    await once(server, 'listening')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EADDRINUSE')
      throw new Error(`Port ${port} on ${host} is taken by another program; set PORT.`, { cause: error })
    throw error
  }
}

function urlOf(server: Server, { host, basePath }: PlatformConfig): string {
  const { port } = server.address() as AddressInfo
  const name = host === '0.0.0.0' || host === '::' ? 'localhost' : host.includes(':') ? `[${host}]` : host
  return `http://${name}:${port}${basePath}`
}
