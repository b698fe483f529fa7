import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises'
import type { Caller, Logger } from '@signalbox/plugin'
import type { Socket } from 'socket.io'
import { reachOf } from '../access/evaluate.ts'
import type { Rights } from '../access/Rights.ts'
import type { Change } from '../feed/Change.ts'
import type { History } from '../feed/History.ts'
import { readable } from '../feed/readable.ts'
import type { Registry } from '../resources/Registry.ts'
import { isScoped, lossOf, tickOf, wholeOf, type Announcement } from './announcement.ts'
import { held, stale } from './rooms.ts'

/** What a socket has not been told yet. */
interface Gap {
  /** The last change that it was told, or need not be. */
  cursor: number
  /** Where this node stood when the gap opened: up to there, bare ticks are not told again. */
  readonly opened: number
  /** Resources that the client reads anew, up to where the gap opened. */
  readonly skip: ReadonlySet<string>
  readonly closed: Promise<void>
  readonly close: () => void
  running: boolean
}

export interface CatchUpOptions {
  readonly history: History
  readonly registry: Registry
  readonly log: Logger
}

/** Changes, and about as many bytes, that are told in one turn. */
const batch = { changes: 200, bytes: 256 * 1024 }
const slowPeerMs = 5

/**
 * Tells single sockets what they have not heard. A socket that is held hears no change as it happens; it is told the
 * feed from its cursor, a batch at a time, no faster than it reads, and joins the others again in the very turn in
 * which nothing is left: so each change reaches it, in order.
 */
export class CatchUp {
  readonly #options: CatchUpOptions
  readonly #gaps = new WeakMap<Socket, Gap>()

  constructor(options: CatchUpOptions) {
    this.#options = options
  }

  /** From now on the socket hears nothing but the changes after `since`, once `run` tells it. */
  hold(socket: Socket, since: number, skip: ReadonlySet<string> = new Set()): void {
    if (this.#gaps.has(socket)) return
    let close = (): void => {}
    const closed = new Promise<void>((resolve) => (close = resolve))
    const opened = this.#options.history.position
    this.#gaps.set(socket, { cursor: since, opened, skip, closed, close, running: false })
    void socket.join(held)
  }

  /** The last change that the socket has been told of. */
  positionOf(socket: Socket): number {
    return this.#gaps.get(socket)?.cursor ?? this.#options.history.position
  }

  /** Resolves when the socket hears changes as they happen, or is gone. */
  async settled(socket: Socket): Promise<void> {
    await this.#gaps.get(socket)?.closed
  }

  /** Tells a held socket what is left, and lets it go. While its rights are being read it is told nothing. */
  async run(socket: Socket): Promise<void> {
    const gap = this.#gaps.get(socket)
    if (!gap || gap.running) return
    gap.running = true
    try {
      while (this.#isBehind(socket, gap)) {
        await this.#tell(socket, gap)
        if (this.#isBehind(socket, gap)) await readyForMore(socket)
      }
    } catch (error) {
      this.#options.log.warn({ err: error }, 'A socket could not be told what it missed; it is cut')
      socket.conn.close()
    } finally {
      gap.running = false
    }
    if (isIn(socket) && socket.rooms.has(stale)) return
    this.#gaps.delete(socket)
    void socket.leave(held)
    gap.close()
  }

  #isBehind(socket: Socket, { cursor }: Gap): boolean {
    return isIn(socket) && !socket.rooms.has(stale) && cursor < this.#options.history.position
  }

  async #tell(socket: Socket, gap: Gap): Promise<void> {
    const { history } = this.#options
    const { position } = history
    const changes = await history.after(gap.cursor, batch.changes)
    if (!changes.length) gap.cursor = Math.max(gap.cursor, position)
    let bytes = 0
    for (const change of changes) {
      if (!this.#isBehind(socket, gap) || bytes > batch.bytes) return
      gap.cursor = change.seq
      for (const { event, payload } of this.#announcements(socket, change, gap)) {
        socket.emit(event, payload)
        bytes += JSON.stringify(payload).length
      }
    }
  }

  #announcements(socket: Socket, change: Change, { opened, skip }: Gap): readonly Announcement[] {
    const model = this.#options.registry.find(change.resource)?.model
    const isOld = change.seq <= opened
    if (!model || (isOld && skip.has(change.resource))) return []
    const { caller, rights } = socket.data as { caller: Caller; rights: Rights }
    const reach = reachOf(rights.decide(`${change.resource}:read`))
    const told = readable(change, reach, caller.userId)
    if (told === change) return wholeOf(model, change)
    if (told) return lossOf(model, change)
    return isOld || isScoped(model) ? [] : [tickOf(model, change)]
  }
}

/** Whether a socket is connected and not being cut: who is cut stands in no room, not even their own. */
export function isIn(socket: Socket): boolean {
  return socket.connected && socket.rooms.has(socket.id)
}

/** Others have their turn, and a peer that reads slowly is waited for. */
async function readyForMore({ conn }: Socket): Promise<void> {
  await nextTurn()
  const { writeBuffer } = conn as unknown as { readonly writeBuffer: readonly unknown[] }
  if (writeBuffer.length === 0 && conn.transport.writable) return
  while (conn.readyState === 'open' && !conn.transport.writable) await pause(slowPeerMs)
}
