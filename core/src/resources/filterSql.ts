import type { Condition, Filter } from './decodeQuery.ts'
import type { SortKey, Window } from './decodeWindow.ts'
import type { Column, TableLayout } from './tableLayout.ts'
import { columnRef } from './columnRef.ts'

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
  return anyOf(
    fields.map((field) => ({ sql: `${columnRef(columnOf(layout, field))} ilike ?`, bindings: [pattern] }))
  )
}

export function orderSql(sort: readonly SortKey[], layout: TableLayout): string {
  return sort
    .map(([field, direction]) => `${columnRef(columnOf(layout, field))} ${direction === 1 ? 'asc' : 'desc'}`)
    .join(', ')
}

/** The records that come after a cursor in the window's order; nulls stand last ascending, first descending. */
export function afterSql({ sort, after }: Window, layout: TableLayout): Fragment {
  if (!after) return nothing
  const keys = sort.map(([field, direction], n) => sortKey(columnOf(layout, field), direction, after[n]))
  return anyOf(
    keys.map(({ beyond }, depth) => allOf([...keys.slice(0, depth).map(({ tied }) => tied), beyond]))
  )
}

/** What holds for the records that stand beside or behind a value in the order of one column. */
function sortKey(
  column: Column,
  direction: 1 | -1,
  value: unknown
): { readonly tied: Fragment; readonly beyond: Fragment } {
  const reference = columnRef(column)
  if (value === null) {
    const isNull = { sql: `${reference} is null`, bindings: [] }
    return {
      tied: isNull,
      beyond: { sql: direction === 1 ? 'false' : `${reference} is not null`, bindings: [] }
    }
  }
  const isJson = column.kind === 'json'
  const operand = isJson ? '?::jsonb' : '?'
  const bindings = [isJson ? JSON.stringify(value) : value]
  const behind =
    direction === 1 ? `${reference} > ${operand} or ${reference} is null` : `${reference} < ${operand}`
  return { tied: { sql: `${reference} = ${operand}`, bindings }, beyond: { sql: behind, bindings } }
}

export function anyOf(fragments: readonly Fragment[]): Fragment {
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
      return value === null
        ? { sql: `${reference} is null`, bindings: [] }
        : { sql: `${reference} = ?`, bindings: [value] }
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
  const { sql, bindings } = anyOf(
    values.map((item) => ({ sql: `${reference} @> ?::jsonb`, bindings: [JSON.stringify([item])] }))
  )
  const contains = sql || 'false'
  const negated = operator === '$ne' || operator === '$nin'
  return { sql: negated ? `not coalesce(${contains}, false)` : contains, bindings }
}
