import type { TSchema } from 'typebox'
import { byText } from './byText.ts'
import { mapSubschemas, type JsonSchema } from './JsonSchema.ts'

type Definitions = Readonly<Record<string, JsonSchema>>

const jsonTypes = new Set(['array', 'boolean', 'integer', 'null', 'number', 'object', 'string'])
const anyName = '^.*$'

/**
 * A TypeBox schema as plain JSON Schema 2020-12: tuples by `prefixItems`, open maps by `additionalProperties`,
 * without ids, references and TypeBox's own marks. A recursive schema is cut where it comes round: there it takes
 * anything.
 */
export function normaliseSchema(schema: TSchema): JsonSchema {
  return normalise({ ...schema }, {})
}

function normalise(schema: JsonSchema, outer: Definitions): JsonSchema {
  const { $id: _id, $schema: _schema, $ref, $defs, ...rest } = schema
  const definitions = { ...outer, ...$defs }
  if (typeof $ref === 'string') return resolve($ref, definitions)
  const plain = Object.fromEntries(Object.entries(rest).filter(([keyword]) => !keyword.startsWith('~')))
  const current = sorted(knownType(openMap(tuple(plain))))
  return mapSubschemas(current, (inner) => normalise(inner, definitions))
}

function resolve(reference: string, definitions: Definitions): JsonSchema {
  const { [reference.slice(reference.lastIndexOf('/') + 1)]: target, ...others } = definitions
  return target ? normalise(target, others) : {}
}

/** TypeBox writes tuples in the form of draft 7. */
function tuple(schema: JsonSchema): JsonSchema {
  const { items, additionalItems, ...rest } = schema
  if (!Array.isArray(items)) return schema
  return {
    ...rest,
    ...(items.length && { prefixItems: items }),
    ...(additionalItems !== undefined && { items: additionalItems })
  }
}

function openMap(schema: JsonSchema): JsonSchema {
  const { patternProperties = {}, ...rest } = schema
  const { [anyName]: values, ...patterns } = patternProperties
  if (values === undefined) return schema
  return {
    ...rest,
    ...(Object.keys(patterns).length && { patternProperties: patterns }),
    additionalProperties: values
  }
}

/** `undefined` and `void` are `null` in JSON; a type that JSON does not have says nothing. */
function knownType(schema: JsonSchema): JsonSchema {
  const { type, ...rest } = schema
  if (type === 'void' || type === 'undefined') return { ...rest, type: 'null' }
  return type !== undefined && !jsonTypes.has(type) ? rest : schema
}

/** `required` is a set: its order must not depend on the order in which plugins were loaded. */
function sorted(schema: JsonSchema): JsonSchema {
  const { required } = schema
  return required ? { ...schema, required: required.toSorted(byText((name) => name)) } : schema
}
