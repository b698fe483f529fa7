import type { Caller } from '@signalbox/plugin'
import type { Access } from '../access/Access.ts'
import type { Change } from '../feed/Change.ts'
import type { Model } from '../resources/Model.ts'

/**
 * Rooms follow grants: a socket stands in one room for each resource that it may read, or for its own part of it,
 * so that an event is worked out and encoded once for each room and not once for each socket.
 */
export const everybody = 'signed-in'

export function sessionRoom(sessionId: string): string {
  return `session/${sessionId}`
}

export function readers(path: string): string {
  return `read/${path}`
}

export function owners(path: string, scope: string): string {
  return `read/${path}/${scope}`
}

/** Rooms that plugins' commands let a socket join; apart from the platform's own. */
export function namedRoom(name: string): string {
  return `room/${name}`
}

/** Every room that a caller's rights open. */
export async function roomsOf(caller: Caller, models: readonly Model[], access: Access): Promise<string[]> {
  const rooms = [everybody]
  if (caller.userId !== undefined) rooms.push(`user/${caller.userId}`)
  if (caller.sessionId !== undefined) rooms.push(sessionRoom(caller.sessionId))
  for (const { path } of models) {
    const { scope } = await access.decide(caller, `${path}:read`)
    if (scope === 'any') rooms.push(readers(path))
    if (scope === 'own') rooms.push(owners(path, `own/${caller.userId}`))
  }
  return rooms
}

/** Who may see a change, and who could see the record before it and cannot any more. */
export function audienceOf({ resource, scopesBefore, scopesAfter }: Change): {
  readonly sees: string[]
  readonly loses: string[]
} {
  const after = (scopesAfter ?? scopesBefore ?? []).map((scope) => owners(resource, scope))
  const before = (scopesBefore ?? []).map((scope) => owners(resource, scope))
  return { sees: [readers(resource), ...after], loses: before.filter((room) => !after.includes(room)) }
}
