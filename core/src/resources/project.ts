import type { TObject } from 'typebox'
import type { DecodedQuery } from './decodeQuery.ts'
import type { ListAnswer } from './listForms.ts'
import type { Row } from './RowCodec.ts'

export type Project = (value: unknown, select: readonly string[] | undefined) => unknown
export type ProjectList = (body: ListAnswer['body'], query: DecodedQuery | undefined) => unknown

/** Keeps a record's declared fields, in their order; one without a value is `null`. */
export function recordProjection(schema: TObject): Project {
  const names = Object.keys(schema.properties)
  return (value, select) => keep(value as Row, select ? [...new Set(['id', ...select])] : names)
}

/** The same for every record of a list, whichever form the list has. */
export function listProjection(schema: TObject): ProjectList {
  const names = Object.keys(schema.properties)
  return (body, query) => {
    const select = query?.window.select
    const kept = select ? [...new Set(['id', ...select])] : names
    const project = (rows: readonly Row[]): Row[] => rows.map((row) => keep(row, kept))
    if (Array.isArray(body)) return project(body)
    return 'items' in body ? { ...body, items: project(body.items) } : { ...body, data: project(body.data) }
  }
}

function keep(row: Row, names: readonly string[]): Row {
  const kept: Row = {}
  for (const name of names) kept[name] = row[name] ?? null
  return kept
}
