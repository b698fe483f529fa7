import type { TSchema } from 'typebox'
import { propertiesOf, requiredOf, type JsonSchema } from './JsonSchema.ts'
import { normaliseSchema } from './normaliseSchema.ts'

/** What a caller sends, normalised: a field with a default may be left out, the host fills it in. */
export function inputSchema(schema: TSchema | JsonSchema): JsonSchema {
  const whole = normaliseSchema(schema)
  const { required: _, ...rest } = whole
  const fields = propertiesOf(whole)
  const required = requiredOf(whole).filter((name) => !('default' in (fields[name] ?? {})))
  return { ...rest, ...(required.length && { required }) }
}
