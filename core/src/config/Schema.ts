type Literal = string | number | boolean | null

/** The keywords that this folder reads of a TypeBox schema: those of JSON Schema, and three of ours. */
export interface Schema {
  /** TypeBox's mark of a type that is only stated, which carries no keyword. */
  readonly '~unsafe'?: unknown
  readonly type?: string
  readonly description?: string
  readonly default?: unknown
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[] | undefined
  readonly patternProperties?: Readonly<Record<string, Schema>>
  readonly additionalProperties?: boolean | Schema
  readonly items?: Schema
  readonly anyOf?: readonly Schema[]
  readonly enum?: readonly Literal[]
  readonly const?: Literal
  readonly minimum?: number
  readonly maximum?: number
  readonly minLength?: number
  readonly pattern?: string
  /** Keeps the value, and all below it, out of logs, faults and answers. */
  readonly secret?: boolean
  /** What a fault and the reference call a good value, where the schema alone would read badly. */
  readonly expected?: string
  /** What the reference says of a default that only the running machine knows. */
  readonly defaultText?: string
}

export type PlainObject = Record<string, unknown>

export function isPlainObject(value: unknown): value is PlainObject {
  if (typeof value !== 'object' || value === null) return false

  const prototype: unknown = Object.getPrototypeOf(value)

  return prototype === Object.prototype || prototype === null
}

/** The schema of one field of an object, or `undefined` where the object has no such field: objects are closed. */
export function fieldSchema(schema: Schema, key: string): Schema | undefined {
  if (schema.properties !== undefined && Object.hasOwn(schema.properties, key)) return schema.properties[key]

  for (const [pattern, field] of Object.entries(schema.patternProperties ?? {})) {
    if (new RegExp(pattern, 'u').test(key)) return field
  }

  const { additionalProperties } = schema

  return additionalProperties === true ? {} : additionalProperties || undefined
}

/** Whether the fields of this schema's values are described one by one. */
export function hasFields(schema: Schema): boolean {
  return schema.properties !== undefined || schema.patternProperties !== undefined
}

/** Whether a value of this schema may hold a secret, at any depth. */
export function holdsSecret(schema: Schema): boolean {
  const { properties = {}, patternProperties = {}, additionalProperties, items, anyOf = [] } = schema
  const inner = [...Object.values(properties), ...Object.values(patternProperties), ...anyOf]

  if (items !== undefined) inner.push(items)
  if (typeof additionalProperties === 'object') inner.push(additionalProperties)

  return schema.secret === true || inner.some(holdsSecret)
}
