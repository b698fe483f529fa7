import type { UnitsOfWork } from '../data/unitOfWork.ts'
import type { Grant, Scope } from './evaluate.ts'
import type { Permission } from './permissions.ts'

/** Where grants come from. */
export interface GrantSource {
  /** What these roles hold, what was granted to them or denied, and what everybody holds. */
  ofRoles(roles: readonly string[]): Promise<readonly Grant[]>
  /** What was granted to these people or denied them directly; one without any is left out. */
  ofUsers(userIds: readonly string[]): Promise<ReadonlyMap<string, readonly Grant[]>>
}

interface GrantRow {
  readonly id: string
  readonly subject_id: string
  readonly permission: string
  readonly effect: Grant['effect']
  readonly scope: Scope
  readonly valid_from: Date | null
  readonly valid_until: Date | null
  readonly extent: number | null
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

  const direct = async (type: 'user' | 'role', ids: readonly string[]): Promise<GrantRow[]> => {
    const { rows } = (await units.db().raw(
      `select g.id, g.subject_id, g.permission, g.effect, g.scope, g.valid_from, g.valid_until, n.extent
       from core_grants g left join core_scopes n on n.id = g.scope
       where g.subject_type = ? and g.subject_id = any(?::text[]) order by g.id`,
      [type, ids as never]
    )) as { rows: GrantRow[] }
    return rows
  }

  return {
    async ofRoles(roles) {
      const everyone = permissions()
        .filter((permission) => permission.everyone)
        .map(({ key }): Grant => ({ permission: key, effect: 'grant', scope: 'own', source: 'everyone' }))
      if (!roles.length) return everyone
      const given = await direct('role', roles)
      return [...(await fromRoles(roles)), ...given.map(toGrant), ...everyone]
    },
    async ofUsers(userIds) {
      const byUser = new Map<string, Grant[]>()
      for (const row of await direct('user', userIds)) {
        byUser.set(row.subject_id, [...(byUser.get(row.subject_id) ?? []), toGrant(row)])
      }
      return byUser
    }
  }
}

function toGrant(row: GrantRow): Grant {
  return {
    permission: row.permission,
    effect: row.effect,
    scope: row.scope,
    source: `grant ${row.id}`,
    ...(row.valid_from && { from: row.valid_from.getTime() }),
    ...(row.valid_until && { until: row.valid_until.getTime() }),
    ...(row.extent !== null && { extent: row.extent })
  }
}
