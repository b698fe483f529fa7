import type { Condition, Filter } from './decodeQuery.ts'
import type { SortKey, Window } from './decodeWindow.ts'
import type { Column, TableLayout } from './tableLayout.ts'
import { columnRef } from './tableSql.ts'

/** A piece of SQL with its bindings, in knex's `?` form. */
export interface Fragment {
  readonly sql: string
  readonly bindings: readonly unknown[]
}

export const nothing: Fragment = { sql: '', bindings: [] }

export function allOf(fragments: readonly Fragment[]): Fragment {
  const present = fragments.filter(({ sql }) => sql)
  return {
    sql: present.map(({ sql }) => `(${sql})`).join(' and '),
    bindings: present.flatMap(({ bindings }) => bindings)
  }
}

/** The `where` of a decoded filter. */
export function filterSql({ conditions, or }: Filter, layout: TableLayout): Fragment {
  return allOf([
    ...conditions.map((condition) => conditionSql(condition, columnOf(layout, condition.field))),
    ...or.map((branches) => anyOf(branches.map((branch) => filterSql(branch, layout))))
  ])
}

/** Looks for a text in several columns; `%` and `_` in it mean themselves. */
export function searchSql(text: string, fields: readonly string[], layout: TableLayout): Fragment {
  const pattern = `%${text.replace(/[\\%_]/g, (character) => `\\${character}`)}%`
  return anyOf(fields.map((field) => ({ sql: `${columnRef(columnOf(layout, field))} ilike ?`, bindings: [pattern] })))
}

export function orderSql(sort: readonly SortKey[], layout: TableLayout): string {
  return sort.map(([field, direction]) => `${columnRef(columnOf(layout, field))} ${direction === 1 ? 'asc' : 'desc'}`).join(', ')
}

/** The records that come after a cursor in the window's order; nulls stand last ascending, first descending. */
export function afterSql({ sort, after }: Window, layout: TableLayout): Fragment {
  if (!after) return nothing
  const branches = sort.map(([field, direction], depth) =>
    allOf([
      ...sort.slice(0, depth).map(([tied], n) => ({ sql: `${columnRef(columnOf(layout, tied))} is not distinct from ?`, bindings: [after[n]] })),
      beyond(columnRef(columnOf(layout, field)), direction, after[depth])
    ])
  )
  return anyOf(branches)
}

function beyond(column: string, direction: 1 | -1, value: unknown): Fragment {
  if (direction === 1) {
    return value === null ? { sql: 'false', bindings: [] } : { sql: `${column} > ? or ${column} is null`, bindings: [value] }
  }
  return value === null ? { sql: `${column} is not null`, bindings: [] } : { sql: `${column} < ?`, bindings: [value] }
}

function anyOf(fragments: readonly Fragment[]): Fragment {
  return {
    sql: fragments.map(({ sql }) => `(${sql || 'true'})`).join(' or '),
    bindings: fragments.flatMap(({ bindings }) => bindings)
  }
}

function columnOf(layout: TableLayout, field: string): Column {
  const column = layout.byField.get(field)
  if (!column) throw new Error(`${layout.table} has no column for ${field}`)
  return column
}

const comparisons = { $gt: '>', $gte: '>=', $lt: '<', $lte: '<=' } as const

function conditionSql({ operator, value }: Condition, column: Column): Fragment {
  const reference = columnRef(column)
  if (column.kind === 'json') return listSql(reference, operator, value)
  switch (operator) {
    case 'eq':
      return value === null ? { sql: `${reference} is null`, bindings: [] } : { sql: `${reference} = ?`, bindings: [value] }
    case '$ne':
      return { sql: `${reference} is distinct from ?`, bindings: [value] }
    case '$in':
    case '$nin': {
      const values = value as readonly unknown[]
      const list = values.length ? `${reference} in (${values.map(() => '?').join(', ')})` : 'false'
      return { sql: operator === '$in' ? list : `not (${list}) or ${reference} is null`, bindings: values }
    }
    default:
      return { sql: `${reference} ${comparisons[operator]} ?`, bindings: [value] }
  }
}

/** A list field matches a value that it contains. */
function listSql(reference: string, operator: Condition['operator'], value: unknown): Fragment {
  if (value === null) return { sql: `${reference} is ${operator === '$ne' ? 'not ' : ''}null`, bindings: [] }
  const values = Array.isArray(value) ? value : [value]
  const contains = anyOf(values.map((item) => ({ sql: `${reference} @> ?::jsonb`, bindings: [JSON.stringify([item])] })))
  const negated = operator === '$ne' || operator === '$nin'
  return negated ? { sql: `not coalesce(${contains.sql || 'false'}, false)`, bindings: contains.bindings } : contains
}
