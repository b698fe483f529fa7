import type { Server as HttpServer } from 'node:http'
import type { Application } from '@feathersjs/feathers'
import { PlatformError, type Caller, type Logger } from '@signalbox/plugin'
import { Server, type Socket } from 'socket.io'
import type { Access } from '../access/Access.ts'
import type { SignedIn } from '../identity/Identity.ts'
import { TokenExpiry } from '../identity/TokenExpiry.ts'
import type { RequestLimiter } from '../limits/RequestLimiter.ts'
import type { Change } from '../feed/Change.ts'
import type { Feed } from '../feed/Feed.ts'
import { History } from '../feed/History.ts'
import type { Registry } from '../resources/Registry.ts'
import { clientAddress } from '../doors/clientAddress.ts'
import { toPlatformError } from '../errors/encodeError.ts'
import type { AnsweredCall } from '../metrics/Traffic.ts'
import { coalesceWrites } from './coalesceWrites.ts'
import type { Commands } from './Commands.ts'
import { cutSocket } from './cutSocket.ts'
import { LiveRights, type LeftOff, type Standing } from './LiveRights.ts'
import { Publisher, type ScopesOf } from './Publisher.ts'
import { redisAdapter } from './redisAdapter.ts'
import type { RedisStream } from './RedisStream.ts'
import { sessionRoom } from './rooms.ts'
import { socketDoor } from './socketDoor.ts'

export interface RealtimeOptions {
  readonly server: HttpServer
  readonly app: Application
  readonly registry: Registry
  readonly access: Access
  readonly feed: Pick<Feed, 'read' | 'range'>
  /** Reads where a record stands. */
  readonly scopesOf: ScopesOf
  readonly commands: Commands
  readonly log: Logger
  readonly basePath: string
  readonly heartbeatSeconds: number
  readonly maxConnections: number
  /** How long events wait at most under load, to be sent with others. */
  readonly flushMs: number
  readonly bodyLimit: number
  readonly corsOrigins: readonly string[]
  readonly trustProxy: boolean
  /** Hears of each call that was answered. */
  readonly observe: (call: AnsweredCall) => void
  /** How long a socket outlives its access token. */
  readonly graceSeconds: number
  readonly limiter: RequestLimiter
  /** Where named events go through to other nodes. */
  readonly stream: RedisStream | undefined
  readonly callerOf: (token: string) => Promise<SignedIn | undefined>
  readonly refreshed: (caller: Caller) => Promise<Caller | undefined>
  readonly openCaller: (request: { readonly headers: NodeJS.Dict<string | string[]> }) => Caller | undefined
}

export interface Realtime {
  readonly publisher: Publisher
  /** Hears each change of the feed, in order, and tells the sockets that may know. */
  readonly hear: (change: Change) => void
  /** Whether this node hears of rights that others take away. While it does not, it tells nothing that they send. */
  hears(connected: boolean): void
  /** Rights may have changed unheard: every socket's are read again. */
  rejoin(): void
  /** Tells a socket what it missed since it left off, and says where it stands then. */
  resume(connectionId: string, leftOff: LeftOff): Promise<Standing>
  /** Cuts the sockets of a session, or of a key, that has ended. */
  cut(sessionId: string): void
  /** Lets a socket go on with a new access token of the same user; tells when that one runs out, in ISO 8601. */
  renew(connectionId: string, accessToken: string): Promise<string>
  connections(): number
  /** Rooms in which a socket stands, but for each socket's own. */
  rooms(): number
  /** Connections that were dropped because their peer did not read. */
  dropped(): number
  close(): Promise<void>
}

/** Bytes that may wait for one peer. */
const unsentLimit = 4 * 1024 * 1024

/** The Socket.IO door: who may connect, which rooms they stand in, and what they are told. */
export function createRealtime(options: RealtimeOptions): Realtime {
  const { server, app, registry, log, stream } = options
  let isTrusted = true
  const io = new Server(server, {
    path: `${options.basePath}/socket.io`,
    serveClient: false,
    // Upgrades to other paths are other doors'.
    destroyUpgrade: false,
    pingInterval: options.heartbeatSeconds * 1000,
    maxHttpBufferSize: options.bodyLimit,
    cors: { origin: options.corsOrigins.includes('*') ? '*' : [...options.corsOrigins] },
    ...(stream && { adapter: redisAdapter(stream, () => isTrusted) })
  })
  const history = new History(options.feed)
  const started = history.start(log)
  const live = new LiveRights({ ...options, io, history })
  const publisher = new Publisher(app, io, registry, options)
  io.use((socket, next) => {
    admit(socket, options, io.engine.clientsCount)
      .then(() => Promise.all([started, live.read(socket)]))
      .then(
        () => next(),
        (error: unknown) => next(new Error(toPlatformError(error).message))
      )
  })
  let dropped = 0
  coalesceWrites(io, { windowMs: options.flushMs, unsentLimit, onDrop: () => dropped++ })
  const answer = socketDoor(options)
  const expiry = new TokenExpiry<Socket>({
    graceSeconds: options.graceSeconds,
    onNotice: (socket, expiresAt) => socket.emit('auth:expiring', { expiresAt }),
    onEnd: (socket) => cutSocket(socket, 'The access token has run out.')
  })
  io.on('connection', (socket) => {
    answer(socket)
    live.enter(socket)
    expiry.watch(socket, socket.data.caller as SignedIn)
    socket.once('disconnect', () => expiry.forget(socket))
    // What ended while the socket was being let in found nothing to cut.
    void options.refreshed(socket.data.caller as Caller).then(
      (caller) => caller ?? cutSocket(socket),
      () => cutSocket(socket)
    )
  })

  return {
    publisher,
    hear: (change) => {
      live.hear(change)
      history.tell(change)
      publisher.publish(change)
      live.follow(change)
    },
    hears: (connected) => void (isTrusted = connected),
    rejoin: () => live.rejoin(),
    resume: (connectionId, leftOff) => live.resume(connectionId, leftOff),
    cut: (sessionId) => {
      for (const id of io.sockets.adapter.rooms.get(sessionRoom(sessionId)) ?? []) {
        const socket = io.sockets.sockets.get(id)
        if (socket) cutSocket(socket)
      }
    },
    renew: async (connectionId, accessToken) => {
      const socket = io.sockets.sockets.get(connectionId)
      const caller = await options.callerOf(accessToken)
      if (!socket || caller?.exp == null) throw notRenewed()
      const held = socket.data.caller as Caller
      if (caller.sessionId === undefined || held.sessionId === undefined) throw notRenewed()
      if (caller.userId !== held.userId) throw notRenewed()
      if (caller.sessionId !== held.sessionId) await socket.leave(sessionRoom(held.sessionId))
      socket.data.caller = caller
      expiry.watch(socket, caller)
      await live.renew(socket)
      return new Date(caller.exp * 1000).toISOString()
    },
    connections: () => io.engine.clientsCount,
    rooms: () => io.sockets.adapter.rooms.size - io.sockets.adapter.sids.size,
    dropped: () => dropped,
    close: () => {
      expiry.close()
      live.close()
      void io.sockets.adapter.close()
      return closeAll(io)
    }
  }
}

async function admit(socket: Socket, options: RealtimeOptions, connections: number): Promise<void> {
  if (connections > options.maxConnections) throw new PlatformError('tooManyRequests', 'Too many connections')
  const { headers, auth } = socket.handshake
  const given: unknown = auth['token'] ?? headers.authorization
  const token = typeof given === 'string' ? given.replace(/^Bearer\s+/i, '').trim() : undefined
  const caller = token ? await options.callerOf(token) : options.openCaller({ headers })
  if (!caller) throw new PlatformError('unauthorized', 'Unauthorized')
  socket.data = {
    caller,
    origin: {
      provider: 'socketio',
      address: clientAddress(socket.request, options.trustProxy),
      ...(headers['user-agent'] && { userAgent: headers['user-agent'] })
    }
  }
}

function notRenewed(): PlatformError {
  return new PlatformError('unauthorized', 'This is no good access token of the same user.')
}

/** Socket.IO would also close the HTTP server, which is not its own to close. */
async function closeAll(io: Server): Promise<void> {
  io.local.disconnectSockets(true)
  io.engine.close()
  await new Promise<void>((resolve) => setImmediate(resolve))
}
