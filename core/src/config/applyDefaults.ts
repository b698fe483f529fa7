import { fieldSchema, hasFields, isPlainObject } from './Schema.ts'
import type { PlainObject, Schema } from './Schema.ts'

function fillObject(schema: Schema, value: PlainObject): PlainObject {
  const result = { ...value }

  for (const key of new Set([...Object.keys(schema.properties ?? {}), ...Object.keys(value)])) {
    const field = fieldSchema(schema, key)
    if (field === undefined) continue

    // An object that must be there is there, so that the defaults of its fields have a place.
    const isImplied = hasFields(field) && field.default === undefined && schema.required?.includes(key)
    const filled = applyDefaults(field, value[key] === undefined && isImplied ? {} : value[key])

    if (filled !== undefined) result[key] = filled
  }

  return result
}

/** A copy of the value with the defaults of its schema, at every depth, where nothing was given. */
export function applyDefaults(schema: Schema, value: unknown): unknown {
  const given = value === undefined ? structuredClone(schema.default) : value

  if (hasFields(schema) && isPlainObject(given)) return fillObject(schema, given)

  const { items } = schema

  return items !== undefined && Array.isArray(given) ? given.map((item) => applyDefaults(items, item)) : given
}
