import { columnRef, quote } from './columnRef.ts'
import type { Column, TableLayout } from './tableLayout.ts'
import type { Place } from './Place.ts'
import { scopesSql } from './scopeSql.ts'

/** The constant parts of a table's statements. Aliases: `r` is the record's row, `s0`, `s1` … its side tables. */
export interface TableSql {
  /** `r."name" as "name", s0."status" as "status", …` under the fields' own names. */
  readonly select: string
  /** `"cameras" r left join "sentinel_cameras" s0 on s0.id = r.id …` */
  readonly from: string
  /** The record as the feed keeps it: one jsonb in wire form, without secrets. */
  readonly image: string
  /** The scopes a row stands in, as `text[]`. */
  readonly scopes: string
}

export function tableSql(layout: TableLayout, place: Place | undefined): TableSql {
  return {
    select: layout.columns.map((column) => `${columnRef(column)} as ${quote(column.field)}`).join(', '),
    from: `${quote(layout.table)} r${layout.sides.map((side, n) => ` left join ${quote(side.table)} s${n} on s${n}.id = r.id`).join('')}`,
    image: imageOf(layout.columns),
    scopes: place ? scopesSql(place) : `'{}'::text[]`
  }
}

/** A function of Postgres takes at most 100 arguments, so wide records are built from several objects. */
function imageOf(columns: readonly Column[]): string {
  const pairs = columns.map((column) => `'${column.field}', ${imageValue(column)}`)
  const objects: string[] = []
  for (let start = 0; start < pairs.length; start += 50) {
    objects.push(`jsonb_build_object(${pairs.slice(start, start + 50).join(', ')})`)
  }
  return objects.join(' || ')
}

function imageValue(column: Column): string {
  const reference = columnRef(column)
  return column.kind === 'time'
    ? `to_char(${reference} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`
    : reference
}
