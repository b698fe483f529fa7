import { setImmediate as nextTurn } from 'node:timers/promises'
import { PlatformError, type Caller, type Logger } from '@signalbox/plugin'
import type { Server, Socket } from 'socket.io'
import type { Access } from '../access/Access.ts'
import { epochDifference, type Rights } from '../access/Rights.ts'
import type { Change } from '../feed/Change.ts'
import type { History } from '../feed/History.ts'
import type { Registry } from '../resources/Registry.ts'
import { CatchUp, isIn } from './CatchUp.ts'
import { cutSocket } from './cutSocket.ts'
import { childrenMoved, concernedBy, everybody, roomsOf, stale, timed } from './rooms.ts'

export interface LiveRightsOptions {
  readonly io: Server
  readonly access: Access
  readonly registry: Registry
  readonly history: History
  readonly log: Logger
  /** The caller as of now; undefined where the session has ended. */
  readonly refreshed: (caller: Caller) => Promise<Caller | undefined>
}

/** Where a client left off. */
export interface LeftOff {
  readonly since: number
  readonly epoch?: string | undefined
}

/** Where a socket stands: the last change it was told, and what it may read. */
export interface Standing {
  readonly seq: number
  readonly epoch: string
}

interface SocketData {
  caller: Caller
  rights: Rights
  epoch?: string
  /** Grows when the rights have to be read again. */
  stamp?: number
  /** When the rights were read, in changes of rights that this node has heard of. */
  readAt: number
}

const batchSize = 100
/** Changes of rights that happen while a socket is being let in; where there were more, it counts as concerned. */
const remembered = 100
const longestTimer = 2 ** 31 - 1

/**
 * Keeps what open sockets hear in step with what they may. A socket whose rights have changed, or may have, is held in
 * the same turn: it hears nothing more until its rights have been read again, and then, in order, what has happened
 * since and it may still hear. Where its part of a resource has changed it is told `reset`.
 */
export class LiveRights {
  readonly #options: LiveRightsOptions
  readonly #catchUp: CatchUp
  readonly #waiting = new Map<Socket, { refresh: boolean }>()
  #working = false
  /** How often rights have changed, and whose they were the last times; undefined is everybody's. */
  #heard = 0
  readonly #lately: (readonly string[] | undefined)[] = []
  #alarm: { readonly timer: NodeJS.Timeout; readonly at: number } | undefined

  constructor(options: LiveRightsOptions) {
    this.#options = options
    this.#catchUp = new CatchUp(options)
  }

  /** Reads the rights of a socket that is being let in. */
  async read(socket: Socket): Promise<void> {
    const data = socket.data as SocketData
    data.readAt = this.#heard
    data.rights = await this.#options.access.rightsOf(data.caller)
  }

  /** A socket is in: it joins its rooms and hears `hello`. */
  enter(socket: Socket): void {
    const { caller, rights, readAt } = socket.data as SocketData
    const found = roomsOf(caller, rights, []).filter((room) => room !== everybody)
    if (!this.#hasHeardOf(found, readAt)) return this.#apply(socket, caller, rights)
    void socket.join(found)
    this.#mark(socket)
  }

  /** Holds those whom a change concerns, before it is told to anybody. */
  hear(change: Change): void {
    const rooms = concernedBy(change)
    if (!rooms.length) return
    if (change.resource !== 'users') this.#options.access.forget()
    this.#note(rooms)
    for (const socket of this.#in(rooms)) {
      if (concerns(change, socket.data as SocketData))
        this.#mark(socket, { refresh: change.resource === 'users' })
    }
  }

  /** Tells those to read a child resource anew to whom its records came, or from whom they went, with their parent. */
  follow(change: Change): void {
    for (const { path, rooms } of childrenMoved(change, this.#options.registry.models())) {
      for (const socket of this.#in(rooms)) this.#reset(socket, { resource: path })
    }
  }

  /** Reads the rights of every socket again, and whether its session still lives. */
  rejoin(): void {
    this.#note(undefined)
    for (const socket of this.#options.io.sockets.sockets.values()) this.#mark(socket)
  }

  /** Reads the rights of one socket again. */
  async renew(socket: Socket): Promise<void> {
    this.#mark(socket)
    await this.#catchUp.settled(socket)
  }

  /**
   * Tells a socket what it missed, oldest first and before anything newer; `reset` for what it cannot be told: where
   * what it may read has changed, or the feed is not kept so long.
   */
  async resume(connectionId: string, { since, epoch }: LeftOff): Promise<Standing> {
    const socket = this.#options.io.sockets.sockets.get(connectionId)
    if (!socket) throw new PlatformError('unavailable', 'This connection is closed.')
    const data = socket.data as SocketData
    const { first, last } = await this.#options.history.range()
    await this.#catchUp.settled(socket)
    const changed = epoch === undefined ? [] : epochDifference(epoch, data.epoch ?? '')
    if (!changed || since + 1 < first || since > last) {
      this.#reset(socket, { all: true })
    } else {
      this.#catchUp.hold(socket, since, new Set(changed))
      for (const resource of changed) this.#reset(socket, { resource })
      void this.#catchUp.run(socket)
      await this.#catchUp.settled(socket)
    }
    return this.#standing(socket)
  }

  close(): void {
    clearTimeout(this.#alarm?.timer)
    this.#waiting.clear()
  }

  #note(rooms: readonly string[] | undefined): void {
    this.#heard++
    this.#lately.push(rooms)
    if (this.#lately.length > remembered) this.#lately.shift()
  }

  /** Whether the rights of who stands in these rooms may have changed since then. */
  #hasHeardOf(rooms: readonly string[], since: number): boolean {
    const missed = this.#heard - since
    if (missed > this.#lately.length) return true
    const changed = missed ? this.#lately.slice(-missed) : []
    return changed.some((theirs) => theirs === undefined || theirs.some((room) => rooms.includes(room)))
  }

  #in(rooms: readonly string[]): Set<Socket> {
    const { adapter, sockets } = this.#options.io.sockets
    const ids = rooms.flatMap((room) => [...(adapter.rooms.get(room) ?? [])])
    return new Set(ids.flatMap((id) => sockets.get(id) ?? []))
  }

  #mark(socket: Socket, { refresh = true } = {}): void {
    const data = socket.data as SocketData
    data.stamp = (data.stamp ?? 0) + 1
    this.#catchUp.hold(socket, this.#options.history.position)
    void socket.join(stale)
    this.#waiting.set(socket, { refresh: refresh || (this.#waiting.get(socket)?.refresh ?? false) })
    void this.#work()
  }

  /** Sockets are seen to in batches, between which others have their turn. */
  async #work(): Promise<void> {
    if (this.#working) return
    this.#working = true
    while (this.#waiting.size) {
      await nextTurn()
      const callers = [...this.#waiting.keys()].map((socket) => (socket.data as SocketData).caller)
      await this.#options.access.preload(callers).catch(() => {})
      const some = [...this.#waiting].slice(0, batchSize)
      for (const [socket] of some) this.#waiting.delete(socket)
      await Promise.all(some.map(([socket, { refresh }]) => this.#assess(socket, refresh)))
    }
    this.#working = false
  }

  async #assess(socket: Socket, refresh: boolean): Promise<void> {
    const data = socket.data as SocketData
    const { stamp } = data
    try {
      const caller = refresh ? await this.#options.refreshed(data.caller) : data.caller
      if (!caller) return cutSocket(socket)
      const rights = await this.#options.access.rightsOf(caller)
      if (data.stamp === stamp && isIn(socket)) this.#apply(socket, caller, rights)
    } catch (error) {
      this.#options.log.error({ err: error }, 'The rights of a socket could not be read; it is cut')
      cutSocket(socket)
    } finally {
      if (!isIn(socket)) void this.#catchUp.run(socket)
    }
  }

  /** A socket that lost a right also leaves the rooms that commands let it join: it may ask for them again. */
  #apply(socket: Socket, caller: Caller, rights: Rights): void {
    const data = socket.data as SocketData
    const models = this.#options.registry.models()
    const opened = new Set(roomsOf(caller, rights, models))
    const { rooms } = socket
    const left = [...rooms].filter((room) => followsRights.test(room) && !opened.has(room))
    const joined = [...opened].filter((room) => !rooms.has(room))
    const loses =
      left.some((room) => room.startsWith('read/')) || joined.some((room) => room.startsWith('deny/'))
    for (const room of left) void socket.leave(room)
    if (loses) for (const room of rooms) if (room.startsWith('room/')) void socket.leave(room)
    void socket.join(joined)
    const before = data.epoch
    Object.assign(data, { caller, rights, epoch: rights.epoch(models.map(({ path }) => path)) })
    void socket.leave(stale)
    this.#wakeAt(rights.nextTurn())
    if (before === undefined) socket.emit('hello', this.#standing(socket))
    else if (before !== data.epoch) {
      for (const resource of epochDifference(before, data.epoch as string) ?? [])
        this.#reset(socket, { resource })
    }
    void this.#catchUp.run(socket)
  }

  #standing(socket: Socket): Standing {
    const { epoch = '' } = socket.data as SocketData
    return { seq: this.#catchUp.positionOf(socket), epoch }
  }

  #reset(socket: Socket, what: { readonly resource: string } | { readonly all: true }): void {
    socket.emit('reset', { ...what, ...this.#standing(socket) })
  }

  /** A grant that begins or ends by itself has a timer; there is one, for the next of all. */
  #wakeAt(at: number | undefined): void {
    if (at === undefined || (this.#alarm && this.#alarm.at <= at)) return
    clearTimeout(this.#alarm?.timer)
    const timer = setTimeout(() => this.#ring(), Math.min(Math.max(at - Date.now(), 0), longestTimer))
    this.#alarm = { timer, at }
  }

  #ring(): void {
    this.#alarm = undefined
    for (const socket of this.#in([timed])) this.#mark(socket, { refresh: false })
  }
}

/** The rooms that come and go with rights; others are not this one's to leave. */
const followsRights = /^(read|deny|role|grant|scope)\/|^timed$/

/** Of a person's record only the role and the status are rights. */
function concerns({ resource, action, record }: Change, { caller }: SocketData): boolean {
  if (resource !== 'users' || action === 'removed' || record['status'] !== 'active') return true
  return (record['role'] ?? undefined) !== caller.roles[0]
}
