import { invalidField, PlatformError } from '@signalbox/plugin'

/**
 * Which part of a list is asked for, and in which form it is answered: a plain array (`list`), Feathers' envelope
 * (`window`) or numbered pages (`page`).
 */
export interface Window {
  readonly form: 'list' | 'window' | 'page'
  readonly limit: number
  readonly skip: number
  /** From 1, for the form `page`. */
  readonly page: number
  /** Whether the answer carries the number of all records that match, which costs a count. */
  readonly total: boolean
  readonly sort: readonly SortKey[]
  readonly select: readonly string[] | undefined
  readonly after: Cursor | undefined
  readonly search: string | undefined
}

export type SortKey = readonly [field: string, direction: 1 | -1]

/** The sort keys' values of the last record that was seen. */
export type Cursor = readonly unknown[]

export const listLimit = 1000
const windowLimit = 1000
const pageLimit = 100
const defaultPageLimit = 20

export interface WindowOptions {
  /** The field that a name stands for. */
  readonly fieldOf: (name: string) => string | undefined
  readonly defaultSort: Readonly<Record<string, 1 | -1>>
}

/** Reads the paging parameters of a query. A number that is not a sensible one is a 400. */
export function decodeWindow(query: Readonly<Record<string, unknown>>, options: WindowOptions): Window {
  const sort = decodeSort(query['$sort'], options)
  const common = {
    sort,
    total: decodeBoolean('$total', query['$total'], true),
    select: decodeSelect(query['$select'], options.fieldOf),
    after: decodeCursor(query['$after'], sort.length),
    search: decodeSearch(query['search'])
  }
  if ('page' in query || 'limit' in query) {
    const page = integer('page', query['page'], 1, 1)
    const limit = Math.min(integer('limit', query['limit'], defaultPageLimit, 1), pageLimit)
    return { form: 'page', page, limit, skip: (page - 1) * limit, ...common }
  }
  if ('$limit' in query || '$skip' in query) {
    const limit = Math.min(integer('$limit', query['$limit'], defaultPageLimit, 0), windowLimit)
    return { form: 'window', page: 1, limit, skip: integer('$skip', query['$skip'], 0, 0), ...common }
  }
  return { form: 'list', page: 1, limit: listLimit, skip: 0, ...common }
}

/** A cursor that continues after a record. */
export function encodeCursor(values: Cursor): string {
  return Buffer.from(JSON.stringify(values)).toString('base64url')
}

function decodeCursor(value: unknown, length: number): Cursor | undefined {
  if (value === undefined) return undefined
  try {
    const values: unknown =
      typeof value === 'string' && JSON.parse(Buffer.from(value, 'base64url').toString())
    if (Array.isArray(values) && values.length === length) return values
  } catch {
    // Not a cursor of ours: said below.
  }
  throw invalidField('$after', 'is not a cursor of this list')
}

function integer(name: string, value: unknown, fallback: number, least: number): number {
  if (value === undefined) return fallback
  const number = typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : value
  if (typeof number === 'number' && Number.isSafeInteger(number) && number >= least && number < 1e9)
    return number
  throw new PlatformError('invalid', 'Invalid parameters', {
    errors: [{ field: name, message: `must be an integer of at least ${least}` }]
  })
}

function decodeBoolean(name: string, value: unknown, fallback: boolean): boolean {
  if (value === undefined) return fallback
  if (value === true || value === 'true') return true
  if (value === false || value === 'false') return false
  throw invalidField(name, 'must be true or false')
}

function decodeSearch(value: unknown): string | undefined {
  if (value === undefined || value === '') return undefined
  if (typeof value !== 'string' || value.length > 200)
    throw invalidField('search', 'must be a text of at most 200 characters')
  return value
}

/** The fields that are asked for; undefined is all of them. */
export function decodeSelect(
  value: unknown,
  fieldOf: WindowOptions['fieldOf']
): readonly string[] | undefined {
  if (value === undefined) return undefined
  const list: unknown[] = typeof value === 'object' && value !== null ? Object.values(value) : [value]
  return list.map((name) => {
    const field = typeof name === 'string' ? fieldOf(name) : undefined
    if (field === undefined) throw invalidField('$select', `${String(name)} is not a field`)
    return field
  })
}

/** The order asked for, closed by the id so that pages never overlap. */
function decodeSort(value: unknown, { fieldOf, defaultSort }: WindowOptions): SortKey[] {
  const wanted = value === undefined ? defaultSort : value
  if (typeof wanted !== 'object' || wanted === null)
    throw invalidField('$sort', 'must name fields with 1 or -1')
  const keys = Object.entries(wanted as Record<string, unknown>).map(([name, direction]): SortKey => {
    const field = fieldOf(name)
    if (field === undefined) throw invalidField('$sort', `${name} is not a field`)
    if (Number(direction) !== 1 && Number(direction) !== -1)
      throw invalidField('$sort', `${name} must be 1 or -1`)
    return [field, Number(direction) as 1 | -1]
  })
  return keys.some(([name]) => name === 'id') ? keys : [...keys, ['id', 1]]
}
