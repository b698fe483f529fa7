/** A JSON Schema of the dialect 2020-12 as plain data, with the keywords that the documents look into. */
export interface JsonSchema {
  readonly type?: string
  readonly description?: string
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly patternProperties?: Readonly<Record<string, JsonSchema>>
  readonly required?: readonly string[]
  readonly items?: JsonSchema | readonly JsonSchema[] | boolean
  readonly prefixItems?: readonly JsonSchema[]
  readonly additionalItems?: JsonSchema | boolean
  readonly anyOf?: readonly JsonSchema[]
  readonly $defs?: Readonly<Record<string, JsonSchema>>
  readonly [keyword: string]: unknown
}

const schemaKeywords = new Set([
  'additionalItems',
  'additionalProperties',
  'allOf',
  'anyOf',
  'contains',
  'else',
  'if',
  'items',
  'not',
  'oneOf',
  'prefixItems',
  'propertyNames',
  'then',
  'unevaluatedItems',
  'unevaluatedProperties'
])
const mapKeywords = new Set(['$defs', 'dependentSchemas', 'patternProperties', 'properties'])

/** Changes the schemas that stand directly below this one; values such as defaults and examples are left alone. */
export function mapSubschemas(schema: JsonSchema, change: (schema: JsonSchema) => JsonSchema): JsonSchema {
  const one = (value: unknown): unknown => (isSchema(value) ? change(value) : value)
  const each = (keyword: string, value: unknown): unknown => {
    if (schemaKeywords.has(keyword)) return Array.isArray(value) ? value.map(one) : one(value)
    if (mapKeywords.has(keyword) && isSchema(value)) {
      return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, one(inner)]))
    }
    return value
  }
  return Object.fromEntries(Object.entries(schema).map(([keyword, value]) => [keyword, each(keyword, value)]))
}

/** An object schema that refuses fields it does not declare. */
export function closedObject(
  properties: Readonly<Record<string, JsonSchema>>,
  required: readonly string[] = Object.keys(properties)
): JsonSchema {
  return { type: 'object', properties, ...(required.length && { required }), additionalProperties: false }
}

/** A schema (not `true` or `false`, and not a list). */
export function isSchema(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
