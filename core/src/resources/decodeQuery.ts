import { invalidField, PlatformError } from '@signalbox/plugin'
import type { TSchema } from 'typebox'
import { coercer, typesOf, type Coerce } from './coerce.ts'
import { decodeWindow, type Window } from './decodeWindow.ts'
import { fieldNames } from './names.ts'

/** Conditions on one field, by operator; `eq` is the plain form. */
export interface Condition {
  readonly field: string
  readonly operator: Operator
  readonly value: unknown
}

/** All conditions hold, and one branch of each `$or`. */
export interface Filter {
  readonly conditions: readonly Condition[]
  readonly or: readonly (readonly Filter[])[]
}

export interface DecodedQuery {
  readonly filter: Filter
  readonly window: Window
}

export type Operator = 'eq' | '$ne' | '$in' | '$nin' | '$gt' | '$gte' | '$lt' | '$lte'

const operators = new Set<string>(['$ne', '$in', '$nin', '$gt', '$gte', '$lt', '$lte'])
const windowKeys = new Set([
  '$limit',
  '$skip',
  '$sort',
  '$select',
  '$after',
  '$total',
  'page',
  'limit',
  'search'
])

/** The fields a query may name, with their schemas. */
export interface QueryableFields {
  readonly fields: Readonly<Record<string, TSchema>>
  readonly searchable: boolean
  readonly defaultSort: Readonly<Record<string, 1 | -1>>
}

/** Compiles a decoder for the queries of one resource. An unknown filter is a 400 that names it. */
export function queryDecoder({
  fields,
  searchable,
  defaultSort
}: QueryableFields): (query: unknown) => DecodedQuery {
  const readers = new Map(Object.entries(fields).map(([name, schema]) => [name, fieldReader(name, schema)]))

  const fieldOf = fieldNames(readers.keys())

  const filter = (query: Readonly<Record<string, unknown>>, top: boolean): Filter => {
    const conditions: Condition[] = []
    const or: Filter[][] = []
    for (const [key, value] of Object.entries(query)) {
      if (value === undefined) continue
      if (top && windowKeys.has(key) && !(key === 'search' && !searchable) && !readers.has(key)) continue
      if (key === '$or') or.push(branches(key, value))
      else if (key === '$and') {
        for (const branch of branches(key, value)) {
          conditions.push(...branch.conditions)
          or.push(...branch.or.map((list) => [...list]))
        }
      } else {
        const read = readers.get(fieldOf(key) ?? '')
        if (!read) throw invalidField(key, 'is not a field that can be filtered by')
        conditions.push(...read(value))
      }
    }
    return { conditions, or }
  }

  const branches = (key: string, value: unknown): Filter[] => {
    const list = typeof value === 'object' && value !== null ? Object.values(value) : []
    if (!list.length || list.some((branch) => typeof branch !== 'object' || branch === null)) {
      throw invalidField(key, 'must be a list of conditions')
    }
    return list.map((branch) => filter(branch as Record<string, unknown>, false))
  }

  return (query) => {
    if (query === undefined || query === null) query = {}
    if (typeof query !== 'object' || Array.isArray(query)) {
      throw new PlatformError('invalid', 'The query must be an object.')
    }
    const given = query as Record<string, unknown>
    return { filter: filter(given, true), window: decodeWindow(given, { fieldOf, defaultSort }) }
  }
}

function fieldReader(name: string, schema: TSchema): (value: unknown) => Condition[] {
  const item = typesOf(schema).has('array') ? itemSchema(schema) : schema
  const types = typesOf(item)
  const coerce = coercer(item)
  const check = isTime(item) ? checkedTime : checked
  const isNullable = typesOf(schema).has('null')
  const one = (value: unknown): unknown =>
    check(name, isNullable && value === 'null' ? null : coerce(value), types)
  return (value) => {
    if (typeof value !== 'object' || value === null)
      return [{ field: name, operator: 'eq', value: one(value) }]
    if (Array.isArray(value)) return [{ field: name, operator: '$in', value: value.map(one) }]
    return Object.entries(value).map(([operator, operand]) => {
      if (!operators.has(operator)) throw invalidField(`${name}.${operator}`, 'is not an operator')
      return { field: name, operator: operator as Operator, value: readOperand(name, operator, operand, one) }
    })
  }
}

function readOperand(name: string, operator: string, operand: unknown, one: Coerce): unknown {
  if (operator !== '$in' && operator !== '$nin') return one(operand)
  const list = typeof operand === 'object' && operand !== null ? Object.values(operand) : [operand]
  return list.map(one)
}

function checked(name: string, value: unknown, types: ReadonlySet<string>): unknown {
  const type = value === null ? 'null' : typeof value
  const fits =
    value === null ||
    types.has(type) ||
    (type === 'number' && types.has('integer') && Number.isInteger(value)) ||
    types.has('undefined')
  if (!fits) throw invalidField(name, `must be ${[...types].filter((t) => t !== 'null').join(' or ')}`)
  return value
}

/** Postgres would also take `yesterday` and read a time without a zone as its own. */
function checkedTime(name: string, value: unknown): unknown {
  if (value === null) return null
  const isIso = typeof value === 'string' && /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}|$)/.test(value)
  if (!isIso || Number.isNaN(Date.parse(value))) throw invalidField(name, 'must be a time in ISO 8601')
  return new Date(value).toISOString()
}

function isTime(schema: TSchema): boolean {
  const { format, anyOf } = schema as { format?: string; anyOf?: TSchema[] }
  return format === 'date-time' || (anyOf?.some(isTime) ?? false)
}

function itemSchema(schema: TSchema): TSchema {
  const { items, anyOf } = schema as { items?: TSchema; anyOf?: TSchema[] }
  if (items) return items
  const branch = anyOf?.find((candidate) => 'items' in candidate)
  return branch ? itemSchema(branch) : schema
}
