import { isDeepStrictEqual } from 'node:util'
import {
  baseFields,
  invalidField,
  PlatformError,
  type Around,
  type Caller,
  type HookContext,
  type Preparations
} from '@signalbox/plugin'
import type { Access } from '../access/Access.ts'
import { reachOf } from '../access/evaluate.ts'
import type { UnitsOfWork } from '../data/unitOfWork.ts'
import { refuseKey, type Identity } from './Identity.ts'
import { hashPassword } from './passwords.ts'
import type { Sessions } from './Sessions.ts'

export interface UserHookParts {
  readonly access: Access
  readonly units: UnitsOfWork
  readonly identity: Identity
  readonly sessions: Sessions
}

/** What people may change of their own account. The password has its own method, which asks for the old one. */
const ownFields = new Set(['email', 'username', 'firstName', 'lastName'])

export function userPreparations({ access, units, identity }: UserHookParts): Preparations {
  const check = async (context: HookContext): Promise<void> => {
    if (context.data.password !== undefined) refuseKey(context.params.caller)
    await refuseForeignFields(context, access, identity)
    await refuseEscalation(context, access, units)
    await refuseTakeover(context, access, units)
    if (typeof context.data.password === 'string' && context.params.provider) {
      context.data.password = await hashPassword(context.data.password)
    }
  }
  return { create: check, update: check, patch: check }
}

/** Keeps the last administrator, and takes rights away at once. */
export function userHooks({
  access,
  units,
  identity,
  sessions
}: UserHookParts): Readonly<Record<string, readonly Around[]>> {
  const guard: Around = async (context, next) => {
    await refuseLastAdministrator(context, units)
    const before = await statusOf(context.id, units)
    await next()
    units.afterCommit(() => {
      identity.forget(context.id as string)
      access.forget()
    })
    const ended =
      context.method === 'remove' ||
      context.data.password ||
      (before === 'active' && context.result.status !== 'active')
    if (ended) await sessions.endAll(context.id as string, sessionToKeep(context))
  }
  return { update: [guard], patch: [guard], remove: [guard] }
}

/** Whoever changes their own password as an administrator stays signed in. */
function sessionToKeep({ id, params }: HookContext): string | undefined {
  return params.caller.userId === id ? params.caller.sessionId : undefined
}

/** What an account's owner may not change stays as it is; it may be sent back unchanged. */
async function refuseForeignFields(
  { data, method, params }: HookContext,
  access: Access,
  identity: Identity
): Promise<void> {
  if (method === 'create' || !params.provider) return
  const { scope } = await access.decide(params.caller, 'users:update')
  if (scope === 'any') return
  if (typeof data.password === 'string')
    throw new PlatformError('forbidden', 'password: change it with /auth/change-password')
  for (const [field, stored] of Object.entries(await identity.me(params.caller))) {
    if (field in baseFields || ownFields.has(field)) continue
    if (method === 'update') data[field] ??= stored
    if (data[field] !== undefined && !isDeepStrictEqual(data[field], stored)) {
      throw new PlatformError('forbidden', `${field}: only an administrator may change it`)
    }
  }
}

/** Nobody gives a role that can do more than they can. */
async function refuseEscalation(
  { data, params }: HookContext,
  access: Access,
  units: UnitsOfWork
): Promise<void> {
  if (typeof data.role !== 'string' || !params.provider) return
  const role = (await units.db()('core_roles').where({ id: data.role }).first('permissions')) as
    { permissions: readonly string[] } | undefined
  if (!role) throw invalidField('role', 'no such role')
  await requireAll(params.caller, role.permissions, access)
}

/** Nobody takes over the account of somebody who can do more than they can, by its password or its address. */
async function refuseTakeover(
  { id, params, method }: HookContext,
  access: Access,
  units: UnitsOfWork
): Promise<void> {
  if (method === 'create' || !params.provider || id === params.caller.userId) return
  // Who may only write their own account finds nothing at another's id.
  const { everywhere, nodes } = reachOf(await access.decide(params.caller, 'users:update'))
  if (!everywhere && !nodes.length) return
  await requireRightsOf(id as string, params.caller, { access, units })
}

/** Refuses with 403 where the caller does not hold everything that an account holds. */
export async function requireRightsOf(
  id: string,
  caller: Caller,
  { access, units }: { readonly access: Access; readonly units: UnitsOfWork }
): Promise<void> {
  const held = (await units
    .db()('core_roles')
    .join('core_users', 'core_users.role', 'core_roles.id')
    .where('core_users.id', id)
    .first('permissions')) as { permissions: readonly string[] } | undefined
  const given = (await units
    .db()('core_grants')
    .where({ subject_type: 'user', subject_id: id, effect: 'grant' })
    .whereNot({ scope: 'own' })
    .pluck('permission')) as string[]
  await requireAll(caller, [...(held?.permissions ?? []), ...given], access)
}

/** Refuses with 403 where the caller does not hold one of the permissions everywhere. */
export async function requireAll(
  caller: Caller,
  permissions: readonly string[],
  access: Access
): Promise<void> {
  for (const permission of permissions) {
    const { scope } = await access.decide(caller, permission)
    if (scope !== 'any') {
      throw new PlatformError('forbidden', `This takes the permission ${permission}, which you do not hold.`)
    }
  }
}

/** The check and the write share a unit of work; the lock makes two such writes take turns. */
async function refuseLastAdministrator({ id, data, method }: HookContext, units: UnitsOfWork): Promise<void> {
  const stays =
    method !== 'remove' &&
    !('role' in data && data.role !== 'admin') &&
    !('status' in data && data.status !== 'active')
  if (stays && method !== 'update') return
  const admins = (await units
    .db()('core_users')
    .where({ role: 'admin', status: 'active' })
    .orderBy('id')
    .forUpdate()
    .select('id')) as { id: string }[]
  const isLast = admins.length === 1 && admins[0]?.id === id
  if (isLast && !(method === 'update' && data.role === 'admin' && data.status === 'active')) {
    throw new PlatformError('conflict', 'The last active administrator must stay one.')
  }
}

async function statusOf(id: string | undefined, units: UnitsOfWork): Promise<string | undefined> {
  const row = (await units.db()('core_users').where({ id }).first('status')) as { status: string } | undefined
  return row?.status
}
