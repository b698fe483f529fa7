import { persist } from '../http/persist.ts'
import type { RoomTable } from '../Part.ts'
import type { SignalboxError } from '../SignalboxError.ts'
import type { Realtime } from './openRealtime.ts'

/**
 * Somebody who follows a room hears each time that it was joined, and the error where the platform does not let this
 * client in; of `unauthorized`, until somebody signs in.
 */
export type Follower = (refusal?: SignalboxError) => void

/** Joins a room; returns the way to leave it. */
export type FollowRoom = (table: RoomTable, key: unknown, follower: Follower) => () => void

interface Membership {
  readonly followers: Set<Follower>
  /** Whether this client stands in it. */
  isIn(): boolean
  /** Joins it where somebody follows it, and leaves it where nobody does, one after the other. */
  settle(): Promise<void>
}

/** The rooms of a client: each is joined once on each connection, however many follow it. */
export function openRooms({ connection, send, wake }: Realtime, closing: AbortSignal): FollowRoom {
  const rooms = new Map<string, Membership>()
  /** Grows when the platform may have sent this client out of all rooms. */
  let evictions = 0

  const membership = (name: string, { join, leave }: RoomTable, key: unknown): Membership => {
    const followers = new Set<Follower>()
    const isIn = (): boolean => joinedAfter === evictions
    let joinedAfter: number | undefined
    let isSettling = false
    const tell = (refusal?: SignalboxError): void => followers.forEach((follower) => follower(refusal))
    const settle = async (): Promise<void> => {
      if (isSettling) return
      isSettling = true
      try {
        while (connection.state === 'connected' && isIn() !== followers.size > 0) {
          if (isIn()) {
            joinedAfter = undefined
            // Who could not leave stands where nobody listens.
            await send(leave, key).catch(() => {})
          } else {
            const before = evictions
            await persist({ signal: closing, endsAt: Infinity }, () =>
              // Without a connection there is nothing to try; the next one joins anew.
              connection.state === 'connected' ? send(join, key) : Promise.reject<void>()
            )
            joinedAfter = before
            tell()
          }
        }
        if (connection.state === 'refused') tell(connection.error)
      } catch (error) {
        if (error) tell(error as SignalboxError)
      }
      isSettling = false
      if (!followers.size && !isIn()) rooms.delete(name)
    }
    return { followers, isIn, settle }
  }
  const evict = (): void => {
    evictions++
    for (const { settle } of rooms.values()) void settle()
  }
  connection.onChange(evict)
  // Who loses a right is sent out of every room, and may ask again for those that stay open.
  connection.onReset(evict)

  return (table, key, follower) => {
    const name = JSON.stringify([table.join, key])
    const room = rooms.get(name) ?? membership(name, table, key)
    rooms.set(name, room)
    room.followers.add(follower)
    wake()
    if (room.isIn()) follower()
    void room.settle()
    return () => {
      room.followers.delete(follower)
      void room.settle()
    }
  }
}
