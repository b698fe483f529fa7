import type { AccessFilter } from '../access/AccessFilter.ts'
import { allOf, anyOf, nothing, type Fragment } from './filterSql.ts'
import type { Place } from './Place.ts'
import { quote } from './columnRef.ts'

/** What a column of the record is worth: the row's own value, or the one that is about to be written. */
export type Value = (column: string) => Fragment

export function columnOfRow(alias: string): Value {
  return (column) => ({ sql: `${alias}.${quote(column)}`, bindings: [] })
}

/**
 * The scopes that a row stands in, as `text[]`: `own/<user id>`, and `node/<id>` for its node and each one above,
 * from the root down.
 */
export function scopesSql({ own, node, parent }: Place, alias = 'r'): string {
  if (parent) {
    const above = `${alias}p`
    return `coalesce((select ${scopesSql(parent.place, above)} from ${quote(parent.place.table)} ${above}
      where ${above}.id = ${alias}.${quote(parent.column)}), '{}'::text[])`
  }
  const parts = [
    own && `array_remove(array['own/' || ${alias}.${quote(own)}], null)`,
    node &&
      `coalesce((select array_agg('node/' || step order by place) from core_scopes n
        cross join lateral unnest(n.path) with ordinality s (step, place)
        where n.id = ${alias}.${quote(node)}), '{}'::text[])`
  ]
  return parts.filter(Boolean).join(' || ') || `'{}'::text[]`
}

/** Whether a record is within a caller's reach. What is below a node is looked up once for the whole statement. */
export function reachSql(
  place: Place | undefined,
  access: AccessFilter,
  value: Value = columnOfRow('r')
): Fragment {
  if (!place) return access.everywhere ? nothing : never
  return place.parent
    ? inheritedSql(place.parent, access, value)
    : allOf([grantedSql(place, access, value), notDeniedSql(place, access, value)])
}

const never: Fragment = { sql: 'false', bindings: [] }

function grantedSql({ own, node }: Place, access: AccessFilter, value: Value): Fragment {
  if (access.everywhere) return nothing
  const parts: Fragment[] = []
  if (own !== undefined && access.own !== undefined) {
    const owner = value(own)
    parts.push({ sql: `${owner.sql} = ?`, bindings: [...owner.bindings, access.own] })
  }
  if (node !== undefined && access.nodes.length) parts.push(below(value(node), access.nodes))
  return parts.length ? anyOf(parts) : never
}

/** Most records are not denied, so here the nodes are hashed, and there they lead into an index. */
function notDeniedSql({ node }: Place, { denied }: AccessFilter, value: Value): Fragment {
  if (node === undefined || !denied.length) return nothing
  const { sql, bindings } = value(node)
  return {
    sql: `${sql} is null or ${sql} not in (${nodesBelow})`,
    bindings: [...bindings, ...bindings, denied]
  }
}

function below({ sql, bindings }: Fragment, nodes: readonly string[]): Fragment {
  return { sql: `${sql} = any(array(${nodesBelow}))`, bindings: [...bindings, nodes] }
}

const nodesBelow = 'select n.id from core_scopes n where n.path && ?::text[]'

/** A record without a parent is in reach of those who may everywhere, and of nobody else. */
function inheritedSql(
  { column, place }: NonNullable<Place['parent']>,
  access: AccessFilter,
  value: Value
): Fragment {
  const alias = `${place.table}_above`
  const { sql, bindings } = reachSql(place, access, columnOfRow(quote(alias)))
  if (!sql) return nothing
  const child = value(column)
  const parents = `select ${quote(alias)}.id from ${quote(place.table)} ${quote(alias)} where`
  return access.everywhere
    ? {
        sql: `not coalesce(${child.sql} in (${parents} not (${sql})), false)`,
        bindings: [...child.bindings, ...bindings]
      }
    : {
        sql: `${child.sql} in (${parents} (${sql}))`,
        bindings: [...child.bindings, ...bindings]
      }
}
