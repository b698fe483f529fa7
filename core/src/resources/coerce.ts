import type { TSchema } from 'typebox'

/** Turns the strings of a query into the type a schema asks for; what does not fit is left for the validator. */
export type Coerce = (value: unknown) => unknown

/** The JSON Schema types that a schema admits, unions looked through. */
export function typesOf(schema: TSchema): ReadonlySet<string> {
  const {
    type,
    anyOf,
    enum: values,
    const: constant
  } = schema as {
    type?: string | string[]
    anyOf?: TSchema[]
    enum?: unknown[]
    const?: unknown
  }
  if (anyOf) return new Set(anyOf.flatMap((branch) => [...typesOf(branch)]))
  if (type) return new Set([type].flat())
  return new Set((values ?? [constant]).map((value) => typeof value))
}

export function coercer(schema: TSchema): Coerce {
  const types = typesOf(schema)
  const numeric = types.has('number') || types.has('integer')
  return (value) => {
    if (typeof value !== 'string') return value
    if (types.has('null') && value === 'null') return null
    if (types.has('string')) return value
    if (types.has('boolean') && (value === 'true' || value === 'false')) return value === 'true'
    if (numeric && value.trim() !== '' && Number.isFinite(Number(value))) return Number(value)
    return value
  }
}
