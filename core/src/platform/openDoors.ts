import { once } from 'node:events'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Application } from '@feathersjs/feathers'
import type { Logger, Plugin } from '@signalbox/plugin'
import type { Access } from '../access/Access.ts'
import type { PlatformConfig } from '../config/PlatformConfig.ts'
import { createDocumentPages, type DocumentPages } from '../documents/pages.ts'
import type { Identity } from '../identity/Identity.ts'
import { openMode } from '../identity/openMode.ts'
import type { Commands } from '../realtime/Commands.ts'
import { createRealtime, type Realtime } from '../realtime/createRealtime.ts'
import type { Registry } from '../resources/Registry.ts'
import { createHttpServer } from '../rest/createHttpServer.ts'
import { documentsDoor } from '../rest/documentsDoor.ts'
import { restDoor } from '../rest/restDoor.ts'
import { version } from './version.ts'

export interface DoorOptions {
  readonly app: Application
  readonly registry: Registry
  readonly access: Access
  readonly identity: Identity
  readonly commands: Commands
  readonly plugins: readonly Plugin[]
  readonly config: PlatformConfig
  readonly log: Logger
  readonly status: () => string
}

export interface Doors {
  readonly url: string
  readonly realtime: Realtime
  /** Safe to call twice. */
  close(): Promise<void>
}

/** Opens the ways in: REST, the documents and Socket.IO, on one HTTP server. */
export async function openDoors(options: DoorOptions): Promise<Doors> {
  const { app, registry, access, identity, commands, config, log } = options
  const { basePath, bodyLimit, corsOrigins } = config
  const openCaller = openMode(config.auth.mode === 'open' ? config.auth.as : undefined)
  const rest = restDoor({ app, registry, root: `${basePath}/api`, bodyLimit, openCaller })
  const documents = documentsDoor({ ...options, pages: pagesOf(options) })
  const server = createHttpServer({
    app,
    log,
    trustProxy: config.trustProxy,
    corsOrigins,
    doors: [documents, rest]
  })
  const realtime = createRealtime({
    server,
    app,
    registry,
    access,
    commands,
    log,
    basePath,
    bodyLimit,
    corsOrigins,
    ...config.websocket,
    openCaller,
    callerOf: (token) => identity.callerOf(token),
    refreshed: (caller) => identity.refreshed(caller)
  })
  await listen(server, config)
  let closed: Promise<void> | undefined
  return {
    url: urlOf(server, config),
    realtime,
    close: () => (closed ??= closeDoors(server, realtime))
  }
}

/** What is being answered gets two seconds to be answered. */
async function closeDoors(server: Server, realtime: Realtime): Promise<void> {
  const closed = once(server, 'close')
  server.close()
  await realtime.close()
  server.closeIdleConnections()
  const late = setTimeout(() => server.closeAllConnections(), 2000)
  await closed
  clearTimeout(late)
}

function pagesOf({ registry, plugins, config }: DoorOptions): DocumentPages {
  return createDocumentPages({
    name: config.name,
    version,
    models: registry.models(),
    plugins,
    commands: plugins.flatMap(({ commands = [] }) => commands),
    basePath: config.basePath
  })
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
