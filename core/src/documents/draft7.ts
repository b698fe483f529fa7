import { isSchema, mapSubschemas, type JsonSchema } from './JsonSchema.ts'

/** A normalised schema in the dialect that AsyncAPI 3.0 fixes, which is that of draft 7: it differs in tuples. */
export function draft7(schema: JsonSchema): JsonSchema {
  const { prefixItems, items, ...rest } = schema
  if (!prefixItems) return mapSubschemas(schema, draft7)
  const closing = isSchema(items) || typeof items === 'boolean' ? { additionalItems: items } : {}
  return mapSubschemas({ ...rest, items: prefixItems, ...closing }, draft7)
}
