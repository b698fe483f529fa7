/** As much of JSON Schema as the platform's documents use. */
export interface Schema {
  readonly $ref?: string
  readonly type?: string
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly default?: unknown
  readonly examples?: readonly unknown[]
  readonly anyOf?: readonly Schema[]
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly items?: Schema
  readonly minItems?: number
  readonly minimum?: number
  readonly exclusiveMinimum?: number
  readonly minLength?: number
  readonly maxLength?: number
  readonly pattern?: string
  readonly format?: string
}

export interface SampleOptions {
  /** The `components.schemas` of the document. */
  readonly schemas: Readonly<Record<string, Schema>>
  /** Values by the name of a field, for what no schema can tell, such as the id of a camera that exists. */
  readonly known: Readonly<Record<string, unknown>>
}

/**
 * A value that a schema allows: of an object the required fields, and those with a known value. Where the schema has
 * examples it is the first of them. A pattern is not looked at.
 */
export function sampleOf(schema: Schema, options: SampleOptions): unknown {
  const { $ref, anyOf, type } = schema
  if ($ref !== undefined) return sampleOf(options.schemas[$ref.split('/').at(-1) ?? ''] ?? {}, options)
  if (schema.const !== undefined) return schema.const
  if (schema.examples?.length) return schema.examples[0]
  if (schema.default !== undefined) return schema.default
  if (schema.enum) return schema.enum[0]
  if (anyOf) return sampleOf(anyOf.find((one) => one.type !== 'null') ?? {}, options)
  switch (type) {
    case 'object':
      return sampleObject(schema, options)
    case 'array':
      return Array.from({ length: schema.minItems ?? 0 }, () => sampleOf(schema.items ?? {}, options))
    case 'integer':
    case 'number':
      return schema.minimum ?? (schema.exclusiveMinimum ?? 0) + 1
    case 'boolean':
      return true
    case 'string':
      return sampleText(schema)
    default:
      return {}
  }
}

function sampleObject({ properties = {}, required = [] }: Schema, options: SampleOptions): unknown {
  const { known } = options
  const names = Object.keys(properties).filter((name) => required.includes(name) || name in known)
  return Object.fromEntries(
    names.map((name) => [name, name in known ? known[name] : sampleOf(properties[name] ?? {}, options)])
  )
}

function sampleText({ format, minLength = 1, maxLength = Infinity }: Schema): string {
  if (format === 'email') return 'sample@example.org'
  if (format === 'date-time') return '2026-01-01T00:00:00.000Z'
  return 'sample'.slice(0, maxLength).padEnd(minLength, '-')
}
