import type { JsonSchema } from '../manifest/JsonSchema.ts'

/** Whether a schema is that of an object with named fields. */
export function hasFields({ type, properties = {} }: JsonSchema): boolean {
  return type === 'object' && Object.keys(properties).length > 0
}

/** Whether two schemas are the same; what they say of themselves aside. */
export function sameSchema(one: JsonSchema, other: JsonSchema): boolean {
  return (
    count(one.properties) === count(other.properties) &&
    same({ ...one, description: undefined }, { ...other, description: undefined })
  )
}

/** The fields of a schema that another has not, as a schema; undefined where they have one in common that differs. */
export function fieldsBeside(schema: JsonSchema, base: JsonSchema): JsonSchema | undefined {
  const { properties = {}, required = [] } = schema
  const own = base.properties ?? {}
  const needed = new Set(required)
  const neededThere = new Set(base.required)
  for (const [name, field] of Object.entries(own)) {
    if (needed.has(name) !== neededThere.has(name) || !same(properties[name], field)) return undefined
  }
  const others = Object.entries(properties).filter(([name]) => !(name in own))
  return { ...schema, properties: Object.fromEntries(others) }
}

function count(fields: object = {}): number {
  return Object.keys(fields).length
}

/** Whether two values are the same JSON. */
function same(one: unknown, other: unknown): boolean {
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null)
    return one === other
  const names = Object.keys(one)
  if (names.length !== count(other) || Array.isArray(one) !== Array.isArray(other)) return false
  return names.every((name) => same((one as JsonObject)[name], (other as JsonObject)[name]))
}

type JsonObject = Readonly<Record<string, unknown>>
