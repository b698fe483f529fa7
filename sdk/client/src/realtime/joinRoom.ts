import { eventSource } from '../events/eventSource.ts'
import { follow } from '../events/follow.ts'
import { withDeadline } from '../http/withDeadline.ts'
import type { RoomTable } from '../Part.ts'
import type { Room } from '../ResourceClient.ts'
import { closedError } from '../closedError.ts'
import type { SignalboxError } from '../SignalboxError.ts'
import type { Realtime } from './openRealtime.ts'
import type { FollowRoom } from './openRooms.ts'

export interface RoomOptions {
  readonly realtime: Realtime
  readonly followRoom: FollowRoom
  readonly timeoutMs: number
  readonly closing: AbortSignal
}

/** Follows a room: its events, of this key alone, until it is closed. */
export function joinRoom<E>(
  table: RoomTable,
  key: unknown,
  { realtime, followRoom, timeoutMs, closing }: RoomOptions
): Room<E> {
  const closed = new AbortController()
  const close = (reason: SignalboxError): void => closed.abort(reason)
  const ready = withDeadline<void>(
    { what: table.join, timeoutMs, signals: [closed.signal], why: () => realtime.connection.error },
    () => {
      return new Promise((resolve, reject) => {
        const stops = [
          followRoom(table, key, (refusal) => {
            if (!refusal) resolve()
            else if (refusal.code === 'unauthorized') reject(refusal)
            else close(refusal)
          }),
          follow(closing, () => close(closing.reason as SignalboxError))
        ]
        follow(closed.signal, () => stops.forEach((stop) => stop()))
      })
    }
  )
  // Who does not wait for it need not handle it.
  ready.catch(() => {})
  const source = eventSource<E>((event, listener) => {
    const stop = realtime.hear(event, (payload) => payload?.[table.key] === key && listener(payload))
    const unfollow = follow(closed.signal, stop)
    return () => {
      unfollow()
      stop()
    }
  }, closed.signal)
  return { ready, ...source, close: () => close(closedError('room')) }
}
