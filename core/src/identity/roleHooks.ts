import {
  invalidField,
  PlatformError,
  type Around,
  type Caller,
  type HookContext,
  type Preparations
} from '@signalbox/plugin'
import type { Access } from '../access/Access.ts'
import type { ScopeTree } from '../access/ScopeTree.ts'
import type { UnitsOfWork } from '../data/unitOfWork.ts'
import { requireAll } from './userHooks.ts'

/** Roles and grants: what they name must exist, and nobody gives what they do not hold. */
export function rolePreparations(
  access: Access,
  isKnown: (permission: string) => Promise<boolean>
): Preparations {
  const check = async ({ data, id, params, method }: HookContext): Promise<void> => {
    if (id === 'admin' && method !== 'create' && 'permissions' in data) {
      throw new PlatformError('conflict', 'permissions: the administrator’s cannot be changed')
    }
    await checkPermissions(data.permissions ?? [], 'permissions', isKnown)
    if (params.provider) await requireAll(params.caller, data.permissions ?? [], access)
  }
  return {
    create: check,
    update: check,
    patch: check,
    remove: async ({ id }) => {
      if (id === 'admin') throw new PlatformError('conflict', 'The role admin cannot be deleted.')
    }
  }
}

export function grantPreparations(
  access: Access,
  units: UnitsOfWork,
  {
    isKnown,
    scopes
  }: {
    readonly isKnown: (permission: string) => Promise<boolean>
    readonly scopes: Pick<ScopeTree, 'pathOf'>
  }
): Preparations {
  const check = async ({ id, data, params }: HookContext): Promise<void> => {
    if (data.permission !== undefined) await checkPermissions([data.permission], 'permission', isKnown)
    if (data.subjectId !== undefined) await checkSubject(data.subjectType, data.subjectId, units)
    await checkScope(data.scope, scopes)
    checkTimes(data)
    if (params.provider) await requireHeld(params.caller, [data, await stored(id)])
  }
  /** To lift a deny is to grant. */
  const lift = async ({ id, params }: HookContext): Promise<void> => {
    const grant = await stored(id)
    if (params.provider && grant?.effect === 'deny') await requireHeld(params.caller, [grant])
  }
  /** As it was and as it will be: whoever widens a grant must hold what it grants. */
  const requireHeld = async (caller: Caller, grants: readonly (Given | undefined)[]): Promise<void> => {
    if (grants.some((grant) => grant?.subjectId != null && grant.subjectId === caller.userId))
      throw new PlatformError('forbidden', 'Nobody grants rights to themselves.')
    await requireAll(
      caller,
      grants.flatMap((grant) => grant?.permission ?? []),
      access
    )
  }
  const stored = async (id: string | undefined): Promise<Given | undefined> =>
    id === undefined
      ? undefined
      : units.db()('core_grants').where({ id }).first('subject_id as subjectId', 'permission', 'effect')
  return { create: check, update: check, patch: check, remove: lift }
}

interface Given {
  readonly subjectId?: string | null
  readonly permission?: string
  readonly effect?: string
}

/** Rights that are written act from the next request on. */
export function forgetAfter(access: Access, units: UnitsOfWork): Readonly<Record<string, readonly Around[]>> {
  const forget: Around = async (_, next) => {
    await next()
    units.afterCommit(() => access.forget())
  }
  return { create: [forget], update: [forget], patch: [forget], remove: [forget] }
}

/** A permission that a plugin declares lives as long as the plugin. */
export function permissionPreparations(units: UnitsOfWork): Preparations {
  const refuse = async ({ id, data, method }: HookContext): Promise<void> => {
    const row = (await units.db()('core_permissions').where({ id }).first('plugin', 'permission_key')) as
      { plugin: string | null; permission_key: string } | undefined
    if (!row?.plugin) return
    if (
      method === 'remove' ||
      (data.permissionKey !== undefined && data.permissionKey !== row.permission_key)
    ) {
      throw new PlatformError(
        'conflict',
        `${row.permission_key} is declared by ${row.plugin} and stays as long as it is installed.`
      )
    }
  }
  return { update: refuse, patch: refuse, remove: refuse }
}

export async function checkPermissions(
  keys: readonly string[],
  field: string,
  isKnown: (permission: string) => Promise<boolean>
): Promise<void> {
  for (const key of keys) {
    if (!(await isKnown(key))) throw invalidField(field, `${key} is not a permission`)
  }
}

/** Nobody may be granted something in a scope that is not there. */
async function checkScope(scope: string | undefined, scopes: Pick<ScopeTree, 'pathOf'>): Promise<void> {
  if (scope === undefined || scope === 'any' || scope === 'own') return
  if (!(await scopes.pathOf(scope))) throw invalidField('scope', `no such scope`)
}

function checkTimes({
  validFrom,
  validUntil
}: {
  validFrom?: string | null
  validUntil?: string | null
}): void {
  if (validFrom && validUntil && Date.parse(validFrom) >= Date.parse(validUntil))
    throw invalidField('validUntil', 'must be after validFrom')
}

async function checkSubject(type: string | undefined, id: string, units: UnitsOfWork): Promise<void> {
  const table = type === 'role' ? 'core_roles' : 'core_users'
  const row = (await units.db()(table).where({ id }).first('id')) as unknown
  if (!row) throw invalidField('subjectId', `no such ${type ?? 'user'}`)
}
