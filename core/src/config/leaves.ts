import type { Schema } from './Schema.ts'

export interface Leaf {
  readonly path: string
  readonly schema: Schema
}

/** The fields of a schema that hold a value of their own, in order, each with its dotted path. */
export function leaves(schema: Schema, path = ''): Leaf[] {
  if (schema.properties === undefined) return [{ path, schema }]

  return Object.entries(schema.properties).flatMap(([key, field]) =>
    leaves(field, path === '' ? key : `${path}.${key}`)
  )
}
