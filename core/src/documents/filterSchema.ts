import { isSchema, type JsonSchema } from './JsonSchema.ts'

/**
 * The values that a field can be compared with: the items of a list, the field itself elsewhere. Undefined for a
 * field that no filter can name, an object.
 */
export function filterSchema(field: JsonSchema): JsonSchema | undefined {
  const { default: _, ...schema } = field
  const values = (schema.anyOf ?? [schema])
    .map((branch) => (branch.type === 'array' ? branch.items : branch))
    .filter((value): value is JsonSchema => isSchema(value) && value.type !== 'object')
  if (values.every(({ type }) => type === 'null')) return undefined
  return values.length === 1 ? values[0] : { anyOf: values }
}

/** Every filterable field of a record schema. */
export function filterSchemas(
  fields: Readonly<Record<string, JsonSchema>> = {}
): Readonly<Record<string, JsonSchema>> {
  const entries = Object.entries(fields).map(([name, field]) => [name, filterSchema(field)] as const)
  return Object.fromEntries(entries.filter((entry): entry is [string, JsonSchema] => entry[1] !== undefined))
}
