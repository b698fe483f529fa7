import { baseFields, type Resource } from '@signalbox/plugin'
import { Type, type TObject, type TProperties, type TSchema } from 'typebox'

/** The schemas that follow from a resource's declaration, in JSON Schema 2020-12. */
export interface ResourceSchemas {
  /** A record as it is listed. */
  readonly record: TObject
  /** A record as `get` answers it. */
  readonly detail: TObject
  readonly create: TObject
  /** As `create`, but a secret that is left out is kept. */
  readonly update: TObject
  readonly patch: TObject
  /** The same for the platform's own code, which may also set read-only fields. */
  readonly ownCreate: TObject
  readonly ownPatch: TObject
}

/** Derives a resource's schemas; `augmented` are the fields other plugins add. */
export function deriveSchemas(resource: Resource, augmented: TProperties = {}): ResourceSchemas {
  const own: TProperties = { ...resource.schema.properties, ...augmented }
  const secrets = new Set<string>(resource.secrets ?? [])
  const hidden = new Set<string>(resource.readOnly ?? [])
  const visible = pick(own, (name) => !secrets.has(name))
  const writable = pick(own, (name) => !hidden.has(name))
  const create = resource.create ? { ...resource.create.properties, ...augmented } : writable
  const patch = resource.patch ? { ...resource.patch.properties, ...augmented } : create
  const readOnly = pick(own, (name) => hidden.has(name))
  const loose = (schema: TSchema): TSchema => Type.Optional(withoutDefault(nullable(schema)))
  const record = { ...baseFields, ...mapValues(visible, whole) }
  return {
    record: closed(record),
    detail: closed({ ...record, ...mapValues(resource.detail ?? {}, whole) }),
    create: closed(mapValues(create, sendable)),
    update: closed({
      ...mapValues(create, sendable),
      ...mapValues(
        pick(create, (name) => secrets.has(name)),
        loose
      )
    }),
    patch: closed(mapValues(patch, changeable)),
    ownCreate: closed(mapValues({ ...create, ...mapValues(readOnly, loose) }, sendable)),
    ownPatch: closed(mapValues({ ...patch, ...readOnly }, changeable))
  }
}

/** A schema whose objects, at every depth, refuse fields they do not declare. */
export function closed(properties: TProperties, { additionalProperties = false } = {}): TObject {
  return Type.Object(mapValues(properties, closeSchema), { additionalProperties })
}

/** On the wire every declared field is there: an optional one is `null` when it has no value. */
function whole(schema: TSchema): TSchema {
  return isOptional(schema) ? nullable(bare(schema)) : schema
}

/** In a body, an optional field may be left out or be `null`. */
function sendable(schema: TSchema): TSchema {
  return isOptional(schema) ? Type.Optional(nullable(bare(schema))) : schema
}

/** In a patch, any field may be left out, and an optional one may be `null`. */
function changeable(schema: TSchema): TSchema {
  return Type.Optional(withoutDefault(sendable(schema)))
}

function nullable(schema: TSchema): TSchema {
  const { type, anyOf } = schema as { type?: unknown; anyOf?: readonly { type?: unknown }[] }
  if (type === 'null' || anyOf?.some((branch) => branch.type === 'null')) return schema
  const { default: value, description } = schema as { default?: unknown; description?: string }
  return Type.Union([without(schema, '~optional', 'default', 'description'), Type.Null()], {
    ...(description !== undefined && { description }),
    ...(value !== undefined && { default: value })
  })
}

function isOptional(schema: TSchema): boolean {
  return '~optional' in schema
}

function bare(schema: TSchema): TSchema {
  return without(schema, '~optional')
}

function withoutDefault(schema: TSchema): TSchema {
  return without(schema, 'default')
}

/** A copy without some keys. TypeBox's own marks are not enumerable, and it needs them. */
function without(schema: TSchema, ...keys: readonly string[]): TSchema {
  const kept = Object.entries(Object.getOwnPropertyDescriptors(schema)).filter(([key]) => !keys.includes(key))
  return Object.defineProperties({}, Object.fromEntries(kept)) as TSchema
}

function closeSchema(schema: TSchema): TSchema {
  const { type, properties, items, anyOf } = schema as {
    type?: string
    properties?: TProperties
    items?: TSchema | TSchema[]
    anyOf?: TSchema[]
  }
  const copy = without(schema) as Record<string, unknown>
  if (type === 'object' && properties) {
    copy['properties'] = mapValues(properties, closeSchema)
    if (!('additionalProperties' in schema)) copy['additionalProperties'] = false
  }
  if (items) copy['items'] = Array.isArray(items) ? items.map(closeSchema) : closeSchema(items)
  if (anyOf) copy['anyOf'] = anyOf.map(closeSchema)
  return copy
}

function pick(properties: TProperties, keep: (name: string) => boolean): TProperties {
  return Object.fromEntries(Object.entries(properties).filter(([name]) => keep(name)))
}

function mapValues(properties: TProperties, change: (schema: TSchema) => TSchema): TProperties {
  return Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, change(schema)]))
}
