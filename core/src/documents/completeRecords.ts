import { mapSubschemas, type JsonSchema } from './JsonSchema.ts'

/** The keyword of a schema that stands for the record of a resource, whose path it says. */
export const recordKeyword = 'x-record'

/** What stands for the record of a resource, with another schema in its place; with none where it says `undefined`. */
export function completeRecords(
  schema: JsonSchema,
  recordOf: (path: string) => JsonSchema | undefined
): JsonSchema {
  const { [recordKeyword]: path } = schema
  const record = typeof path === 'string' ? recordOf(path) : undefined
  return record ?? mapSubschemas(schema, (inner) => completeRecords(inner, recordOf))
}
