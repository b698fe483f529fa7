import { quote } from './columnRef.ts'
import { nothing, type Fragment } from './filterSql.ts'
import type { RowCodec } from './RowCodec.ts'
import type { SideTable, TableLayout } from './tableLayout.ts'
import type { TableSql } from './tableSql.ts'

export type Action = 'created' | 'updated' | 'patched' | 'removed'

/** What the statements of one table are made of. */
export interface WriteParts {
  readonly path: string
  readonly layout: TableLayout
  readonly sql: TableSql
  readonly codec: RowCodec
  /** Whether its records stand somewhere: then a change tells where they stood before. */
  readonly hasPlace: boolean
}

export interface Write {
  readonly action: Action
  /** Writes the row and returns it whole. */
  readonly row: Fragment
  readonly data: Readonly<Record<string, unknown>>
  /** Of the record that is changed; undefined for a new one, and for one that goes. */
  readonly id: string | undefined
  readonly actor: string
  readonly requestId: string | undefined
}

/** In a `select`, Postgres takes a bare parameter for text. */
const casts = {
  text: 'text',
  number: 'double precision',
  boolean: 'boolean',
  json: 'jsonb',
  time: 'timestamptz'
} as const

/** A write together with its side tables and its change record, as one statement. */
export function writeSql(parts: WriteParts, { action, row, data, id, actor, requestId }: Write): Fragment {
  const { path, layout, sql } = parts
  const sides = layout.sides.map((side, n) => sideSql(parts.codec, { side, n, action, data }))
  const joined = `row r${sides.map((_, n) => ` left join side${n} s${n} on true`).join('')}`
  const before = beforeSql(parts, id)
  const scopesBefore = action === 'created' ? 'null' : before.sql ? '(select scopes from before)' : sql.scopes
  const scopesAfter = action === 'removed' ? 'null' : sql.scopes
  const change = `change as (insert into core_changes (resource, record_id, action, actor, request_id, scopes_before, scopes_after, record)
    select ?, r.id, ?, ?, ?, ${scopesBefore}, ${scopesAfter}, ${sql.image} from ${joined})`
  return {
    sql: `with ${before.sql}row as (${row.sql}), ${sides.map((side) => `${side.sql}, `).join('')}${change} select ${sql.select} from ${joined}`,
    bindings: [
      ...before.bindings,
      ...row.bindings,
      ...sides.flatMap(({ bindings }) => bindings),
      path,
      action,
      actor,
      requestId ?? null
    ]
  }
}

/** The scopes a record stands in before a change of it. The update joins this, so that it is read first. */
function beforeSql({ hasPlace, layout, sql }: WriteParts, id: string | undefined): Fragment {
  if (!hasPlace || id === undefined) return nothing
  return {
    sql: `before as (select r.id as before_id, ${sql.scopes} as scopes from ${quote(layout.table)} r where r.id = ? for update), `,
    bindings: [id]
  }
}

interface SideWrite extends Pick<Write, 'action' | 'data'> {
  readonly side: SideTable
  readonly n: number
}

/** A side table's part in a write: what the body sets is upserted, the rest is read for the change record. */
function sideSql(codec: RowCodec, { side: { table, columns }, n, action, data }: SideWrite): Fragment {
  const set = columns.filter(({ field }) => field in data)
  const stored = quote(table)
  if (action === 'removed') {
    const sql = `side${n} as (delete from ${stored} s using row where s.id = row.id returning s.*)`
    return { sql, bindings: [] }
  }
  if (!set.length) {
    return { sql: `side${n} as (select s.* from ${stored} s join row on row.id = s.id)`, bindings: [] }
  }
  const names = set.map(({ column }) => quote(column))
  return {
    sql: `side${n} as (insert into ${stored} (id, ${names.join(', ')}) select row.id, ${set.map(({ kind }) => `?::${casts[kind]}`).join(', ')} from row
      on conflict (id) do update set ${names.map((name) => `${name} = excluded.${name}`).join(', ')} returning *)`,
    bindings: set.map((column) => codec.toColumn(column, data[column.field]))
  }
}
