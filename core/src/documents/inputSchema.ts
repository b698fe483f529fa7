import type { TSchema } from 'typebox'
import type { JsonSchema } from './JsonSchema.ts'
import { normaliseSchema } from './normaliseSchema.ts'

/** What a caller sends, normalised: a field with a default may be left out, the host fills it in. */
export function inputSchema(schema: TSchema): JsonSchema {
  const { required = [], ...rest } = normaliseSchema(schema)
  const needed = required.filter((name) => rest.properties?.[name]?.['default'] === undefined)
  return { ...rest, ...(needed.length && { required: needed }) }
}
