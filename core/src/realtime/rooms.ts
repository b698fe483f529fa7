import type { Caller } from '@signalbox/plugin'
import { reachOf } from '../access/evaluate.ts'
import { isNowhere } from '../access/Reach.ts'
import type { Rights } from '../access/Rights.ts'
import type { Change } from '../feed/Change.ts'
import type { Model } from '../resources/Model.ts'

/**
 * Rooms follow grants: a socket stands in one room for each resource that it may read everywhere, else in one for each
 * node in which it was granted something of it, and one for each in which it was denied it; so that an event is worked
 * out and encoded once for each room and not once for each socket.
 */
export const everybody = 'signed-in'

/** Those who hear no changes for the moment: their rights are being read, or they catch up. */
export const held = 'held'

/** Those whose rights are being read: they hear nothing that takes a right. */
export const stale = 'stale'

/** Those who hold something that begins or ends at a known moment. */
export const timed = 'timed'

export function sessionRoom(sessionId: string): string {
  return `session/${sessionId}`
}

export function readers(path: string): string {
  return `read/${path}`
}

export function owners(path: string, scope: string): string {
  return `read/${path}/${scope}`
}

export function denied(path: string, scope: string): string {
  return `deny/${path}/${scope}`
}

/** Rooms that plugins' commands let a socket join; apart from the platform's own. */
export function namedRoom(name: string): string {
  return `room/${name}`
}

/** Every room that a caller's rights open, and those by which a change of the rights finds them. */
export function roomsOf(caller: Caller, rights: Rights, models: readonly Model[]): string[] {
  const rooms = [everybody, ...caller.roles.map((role) => `role/${role}`)]
  if (caller.userId !== undefined) rooms.push(`user/${caller.userId}`)
  const session = caller.sessionId ?? caller.keyId
  if (session !== undefined) rooms.push(sessionRoom(session))
  if (rights.nextTurn() !== undefined) rooms.push(timed)
  for (const { source, scope } of rights.grants) {
    if (source.startsWith('grant ')) rooms.push(`grant/${source.slice(6)}`)
    if (scope !== 'any' && scope !== 'own') rooms.push(`scope/${scope}`)
  }
  for (const { path } of models) rooms.push(...readingRooms(path, caller, rights))
  return rooms
}

function readingRooms(path: string, { userId }: Caller, rights: Rights): string[] {
  const reach = reachOf(rights.decide(`${path}:read`))
  if (isNowhere(reach)) return []
  const rooms = reach.denied.map((node) => denied(path, `node/${node}`))
  if (reach.everywhere) return [...rooms, readers(path)]
  if (reach.own && userId !== undefined) rooms.push(owners(path, `own/${userId}`))
  return [...rooms, ...reach.nodes.map((node) => owners(path, `node/${node}`))]
}

/** The rooms of those whom a change of rights concerns. */
export function concernedBy({ resource, recordId, record }: Change): string[] {
  switch (resource) {
    case 'users':
      return [`user/${recordId}`]
    case 'roles':
      return [`role/${recordId}`]
    case 'grants':
      return [`grant/${recordId}`, `${String(record['subjectType'])}/${String(record['subjectId'])}`]
    case 'scopes':
      return ((record['extents'] ?? []) as string[]).map((node) => `scope/${node}`)
    default:
      return []
  }
}

export interface Audience {
  /** Those who may see the record, but for those who are denied it. */
  readonly sees: string[]
  readonly shut: string[]
  /** Those who could see it before, where it stood then. */
  readonly saw: string[]
  readonly wasShut: string[]
}

/** Who may see a change, and who could see the record before it. */
export function audienceOf({ resource, scopesBefore, scopesAfter }: Change): Audience {
  const granted = (scopes: readonly string[]): string[] => [
    readers(resource),
    ...scopes.map((scope) => owners(resource, scope))
  ]
  const refused = (scopes: readonly string[]): string[] =>
    scopes.filter((scope) => scope.startsWith('node/')).map((scope) => denied(resource, scope))
  const after = scopesAfter ?? scopesBefore ?? []
  return {
    sees: granted(after),
    shut: refused(after),
    saw: scopesBefore ? granted(scopesBefore) : [],
    wasShut: refused(scopesBefore ?? [])
  }
}

/** The child resources whose records stand elsewhere since a change of their parent, and who could or can see them. */
export function childrenMoved(
  change: Change,
  models: readonly Model[]
): { readonly path: string; readonly rooms: readonly string[] }[] {
  const { resource, scopesBefore, scopesAfter } = change
  if (!scopesBefore || !scopesAfter) return []
  const moved = [
    ...scopesBefore.filter((scope) => !scopesAfter.includes(scope)),
    ...scopesAfter.filter((scope) => !scopesBefore.includes(scope))
  ]
  if (!moved.length) return []
  return childrenOf(resource, models).map((path) => ({
    path,
    rooms: moved.flatMap((scope) => [owners(path, scope), denied(path, scope)])
  }))
}

function childrenOf(parent: string, models: readonly Model[]): string[] {
  const children = models.flatMap((model) => {
    const scopes = model.kind === 'resource' ? model.resource.scopes : undefined
    return scopes && 'via' in scopes && scopes.parent === parent ? [model.path] : []
  })
  return children.flatMap((path) => [path, ...childrenOf(path, models)])
}
