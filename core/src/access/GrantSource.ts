import type { Caller } from '@signalbox/plugin'
import type { UnitsOfWork } from '../data/unitOfWork.ts'
import type { Grant, Scope } from './evaluate.ts'
import type { Permission } from './permissions.ts'

/** Where a caller's grants come from. */
export interface GrantSource {
  grantsOf(caller: Caller): Promise<readonly Grant[]>
}

interface GrantRow {
  readonly id: string
  readonly permission: string
  readonly effect: Grant['effect']
  readonly scope: Scope
}

/** Roles, the grants and denies given to a role or a person, and what everybody holds on their own records. */
export function databaseGrants(units: UnitsOfWork, permissions: () => readonly Permission[]): GrantSource {
  const fromRoles = async (roles: readonly string[]): Promise<Grant[]> => {
    const rows = (await units.db()('core_roles').whereIn('id', roles).select('id', 'permissions')) as {
      id: string
      permissions: readonly string[]
    }[]
    return rows.flatMap(({ id, permissions }) =>
      permissions.map((permission): Grant => ({
        permission,
        effect: 'grant',
        scope: 'any',
        source: `role ${id}`
      }))
    )
  }

  const direct = async ({ userId, roles }: Caller): Promise<Grant[]> => {
    const rows = (await units
      .db()('core_grants')
      .where((of) => of.where('subject_type', 'role').whereIn('subject_id', roles))
      .orWhere((of) => of.where('subject_type', 'user').where('subject_id', userId ?? ''))
      .select('id', 'permission', 'effect', 'scope')) as GrantRow[]
    return rows.map(({ id, ...grant }) => ({ ...grant, source: `grant ${id}` }))
  }

  return {
    async grantsOf(caller) {
      const everyone = permissions()
        .filter((permission) => permission.everyone)
        .map(({ key }): Grant => ({ permission: key, effect: 'grant', scope: 'own', source: 'everyone' }))
      return [...(await fromRoles(caller.roles)), ...(await direct(caller)), ...everyone]
    }
  }
}
