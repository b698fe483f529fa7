import { closedError } from '../closedError.ts'
import { eventSource } from '../events/eventSource.ts'
import { follow } from '../events/follow.ts'
import { persist } from '../http/persist.ts'
import { withDeadline } from '../http/withDeadline.ts'
import type { RoomTable } from '../Part.ts'
import type { Room } from '../ResourceClient.ts'
import type { SignalboxError } from '../SignalboxError.ts'
import type { Realtime } from './openRealtime.ts'

/** The rooms that somebody follows, by command and key: each is left with its last follower. */
export type Rooms = Map<string, FollowedRoom>

interface FollowedRoom {
  followers: number
  isIn: boolean
  /** Joins and leaves reach the platform one after the other, whoever asks for them. */
  lastTurn: Promise<unknown>
}

export interface RoomOptions {
  readonly realtime: Realtime
  readonly rooms: Rooms
  readonly timeoutMs: number
  readonly closing: AbortSignal
}

/** Follows a room: its events, of this key alone, until it is closed. */
export function joinRoom<E>(table: RoomTable, key: unknown, options: RoomOptions): Room<E> {
  const { realtime, rooms, timeoutMs, closing } = options
  const { connection, hear, send } = realtime
  const closed = new AbortController()
  const { signal } = closed
  const close = (reason: SignalboxError): void => closed.abort(reason)
  const name = JSON.stringify([table.join, key])
  const room = rooms.get(name) ?? { followers: 0, isIn: false, lastTurn: Promise.resolve() }
  rooms.set(name, room)
  room.followers++

  const why = (): SignalboxError | undefined => connection.error
  const ready = withDeadline<void>({ what: table.join, timeoutMs, signals: [signal], why }, () => {
    return new Promise((resolve, reject) => {
      const refused = (error: SignalboxError | undefined): void => {
        if (error?.code === 'unauthorized') reject(error)
        else if (error) close(error)
      }
      const join = async (): Promise<void> => {
        if (signal.aborted) return
        if (connection.state === 'refused') return refused(connection.error)
        await persist({ signal, endsAt: Infinity }, () =>
          // Without a connection there is nothing to try; the next one joins anew.
          connection.state === 'connected' ? send(table.join, key) : Promise.reject<void>()
        )
        room.isIn = true
        resolve()
      }
      const leave = async (): Promise<void> => {
        if (room.followers) return
        if (room.isIn && connection.state === 'connected') await send(table.leave, key).catch(() => {})
        room.isIn = false
        if (!room.followers) rooms.delete(name)
      }
      const inTurn = (act: () => Promise<void>) => (): void => {
        room.lastTurn = room.lastTurn.then(act).catch(refused)
      }
      // Who loses a right is sent out of every room, and may ask again for those that stay open.
      const stops = [connection.onChange(inTurn(join)), connection.onReset(inTurn(join))]
      follow(signal, () => {
        stops.forEach((stop) => stop())
        room.followers--
        inTurn(leave)()
      })
      stops.push(follow(closing, () => close(closing.reason as SignalboxError)))
      realtime.wake()
      inTurn(join)()
    })
  })
  // Who does not wait for it need not handle it.
  ready.catch(() => {})
  const source = eventSource<E>((event, listener) => {
    const stop = hear(event, (payload) => payload?.[table.key] === key && listener(payload))
    const unfollow = follow(signal, stop)
    return () => {
      unfollow()
      stop()
    }
  }, signal)
  return { ready, ...source, close: () => close(closedError('room')) }
}
