import { PlatformError, type Caller } from '@signalbox/plugin'
import type { UnitsOfWork } from '../data/unitOfWork.ts'
import type { Access } from './Access.ts'
import { evaluateAt, reachOf, type Grant } from './evaluate.ts'
import { positionOf } from './Reach.ts'

export interface Question {
  readonly userId?: string | undefined
  readonly permission: string
  /** With `id`: one record. Default: the resource that the permission names. */
  readonly resource?: string | undefined
  readonly id?: string | undefined
}

export interface ExplainParts {
  readonly access: Access
  readonly units: UnitsOfWork
  /** Where a record stands, as the feed keeps it. */
  readonly scopesOf: (path: string, id: string) => Promise<readonly string[]>
}

/** Says whether somebody holds a permission, where, and which grant or deny decides it. */
export async function explain(parts: ExplainParts, question: Question, asking: Caller) {
  const { access } = parts
  const { permission, id, resource = permission.split(':')[0] as string } = question
  const userId = question.userId ?? asking.userId
  if (userId !== asking.userId && (await access.decide(asking, 'grants:read')).scope !== 'any')
    throw new PlatformError(
      'forbidden',
      'Only one’s own rights are explained without the permission grants:read.'
    )
  const caller = userId === asking.userId ? asking : await callerOf(parts.units, userId as string)
  const rights = await access.rightsOf(caller)
  const decision = await access.decide(caller, permission)
  const { everywhere, own, nodes, denied } = reachOf(decision)
  const where = { everywhere, own, nodes: [...nodes], denied: [...denied] }
  if (id === undefined) {
    return { allowed: decision.scope !== undefined, ...where, by: told(decision.by) }
  }
  // Whether a record exists, and where, is told to those alone who may know.
  const position = positionOf(await parts.scopesOf(resource, id))
  if (asking.kind !== 'system' && (await access.decide(asking, 'grants:read')).scope !== 'any') {
    const read = evaluateAt(
      (await access.rightsOf(asking)).current(),
      `${resource}:read`,
      position,
      asking.userId
    )
    if (!read.allowed) throw new PlatformError('notFound', `There is no record of ${resource} with this id.`)
  }
  const { allowed, by } = evaluateAt(rights.current(), permission, position, caller.userId)
  return { allowed, ...where, by: told(by) }
}

function told(grant: Grant | undefined) {
  if (!grant) return null
  const { source, permission, effect, scope } = grant
  return { source, permission, effect, scope }
}

async function callerOf(units: UnitsOfWork, userId: string): Promise<Caller> {
  const row = (await units.db()('core_users').where({ id: userId }).first('role')) as
    { role: string | null } | undefined
  if (!row) throw new PlatformError('notFound', 'There is no user with this id.')
  return { kind: 'user', actor: userId, userId, roles: row.role === null ? [] : [row.role] }
}
