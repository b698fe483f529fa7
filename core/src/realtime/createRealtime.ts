import type { Server as HttpServer } from 'node:http'
import type { Application } from '@feathersjs/feathers'
import { PlatformError, type Caller, type Logger } from '@signalbox/plugin'
import { Server, type Socket } from 'socket.io'
import type { Access } from '../access/Access.ts'
import type { Registry } from '../resources/Registry.ts'
import { toPlatformError } from '../errors/encodeError.ts'
import { coalesceWrites } from './coalesceWrites.ts'
import type { Commands } from './Commands.ts'
import { Publisher } from './Publisher.ts'
import { roomsOf, sessionRoom } from './rooms.ts'
import { socketDoor } from './socketDoor.ts'

export interface RealtimeOptions {
  readonly server: HttpServer
  readonly app: Application
  readonly registry: Registry
  readonly access: Access
  readonly commands: Commands
  readonly log: Logger
  readonly basePath: string
  readonly heartbeatSeconds: number
  readonly maxConnections: number
  readonly bodyLimit: number
  readonly corsOrigins: readonly string[]
  readonly callerOf: (token: string) => Promise<Caller | undefined>
  readonly refreshed: (caller: Caller) => Promise<Caller | undefined>
  readonly openCaller: (request: { readonly headers: NodeJS.Dict<string | string[]> }) => Caller | undefined
}

export interface Realtime {
  readonly publisher: Publisher
  /** Rights have changed: every socket's rooms are worked out anew. */
  rejoin(): Promise<void>
  /** Cuts the sockets of a session that has ended. */
  cut(sessionId: string): void
  connections(): number
  /** Connections that were dropped because their peer did not read. */
  dropped(): number
  close(): Promise<void>
}

/** Bytes that may wait for one peer. */
const unsentLimit = 4 * 1024 * 1024

/** The Socket.IO door: who may connect, which rooms they stand in, and what they are told. */
export function createRealtime(options: RealtimeOptions): Realtime {
  const { server, app, registry, log } = options
  const io = new Server(server, {
    path: `${options.basePath}/socket.io`,
    serveClient: false,
    pingInterval: options.heartbeatSeconds * 1000,
    maxHttpBufferSize: options.bodyLimit,
    cors: { origin: options.corsOrigins.length ? [...options.corsOrigins] : false }
  })
  io.use((socket, next) => {
    admit(socket, options, io.engine.clientsCount).then(
      () => next(),
      (error: unknown) => next(new Error(toPlatformError(error).message))
    )
  })
  let dropped = 0
  coalesceWrites(io, { unsentLimit, onDrop: () => dropped++ })
  const answer = socketDoor(options)
  io.on('connection', (socket) => answer(socket))

  return {
    publisher: new Publisher(app, io, registry),
    rejoin: async () => {
      for (const socket of io.sockets.sockets.values()) {
        await rejoin(socket, options).catch((error: unknown) => {
          log.error({ err: error }, 'The rights of a socket could not be read; it is cut')
          socket.disconnect(true)
        })
      }
    },
    cut: (sessionId) => io.in(sessionRoom(sessionId)).disconnectSockets(true),
    connections: () => io.engine.clientsCount,
    dropped: () => dropped,
    close: () => closeAll(io)
  }
}

async function admit(socket: Socket, options: RealtimeOptions, connections: number): Promise<void> {
  if (connections > options.maxConnections) throw new PlatformError('tooManyRequests', 'Too many connections')
  const { headers, auth, address } = socket.handshake
  const given: unknown = auth['token'] ?? headers.authorization
  const token = typeof given === 'string' ? given.replace(/^Bearer\s+/i, '').trim() : undefined
  const caller = token ? await options.callerOf(token) : options.openCaller({ headers })
  if (!caller) throw new PlatformError('unauthorized', 'Unauthorized')
  socket.data = {
    caller,
    origin: {
      provider: 'socketio',
      address,
      ...(headers['user-agent'] && { userAgent: headers['user-agent'] })
    }
  }
  await socket.join(await roomsOf(caller, options.registry.models(), options.access))
}

/** A socket that lost a right also leaves the rooms that commands let it join: it may ask for them again. */
async function rejoin(socket: Socket, { registry, access, refreshed }: RealtimeOptions): Promise<void> {
  const caller = await refreshed(socket.data.caller as Caller)
  if (!caller) return void socket.disconnect(true)
  socket.data.caller = caller
  const rooms = new Set([socket.id, ...(await roomsOf(caller, registry.models(), access))])
  const held = [...socket.rooms]
  const lost = held.filter((room) => !rooms.has(room) && !room.startsWith('room/'))
  for (const room of lost.length ? held.filter((one) => !rooms.has(one)) : []) await socket.leave(room)
  await socket.join([...rooms].filter((room) => !socket.rooms.has(room)))
}

/** Socket.IO would also close the HTTP server, which is not its own to close. */
async function closeAll(io: Server): Promise<void> {
  io.disconnectSockets(true)
  io.engine.close()
  await new Promise<void>((resolve) => setImmediate(resolve))
}
