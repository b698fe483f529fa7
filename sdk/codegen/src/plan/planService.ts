import type { JsonSchema } from '../manifest/JsonSchema.ts'
import type {
  ManifestCommand,
  ManifestEvent,
  ManifestMethod,
  ManifestResource,
  ManifestService
} from '../manifest/Manifest.ts'
import type { TypeNames } from '../names/TypeNames.ts'
import { camel, pascal } from '../names/words.ts'
import type {
  Declaration,
  EventPlan,
  MethodPlan,
  ResourcePlan,
  RoomPlan,
  ServicePlan,
  TypeUse
} from './ClientPlan.ts'
import { recordDeclarations } from './recordDeclarations.ts'
import { hasFields, sameSchema } from './schemas.ts'

export interface PlanServiceOptions {
  readonly service: ManifestService | ManifestResource
  readonly names: TypeNames
  /** The types of its records, where it is a resource. */
  readonly record: ResourcePlan | undefined
  readonly commands: readonly ManifestCommand[]
}

/** Names what the client of one service has. */
export function planService({ service, names, record, commands }: PlanServiceOptions): ServicePlan {
  const { path, description } = service
  const type = names.claim(path, pascal(path), `${pascal(path)}Service`)
  const prefix = 'singular' in service ? pascal(service.singular) : pascal(path)
  const declarations = 'schemas' in service && record ? recordDeclarations(service, record) : []
  const known = 'schemas' in service && record ? knownRecords(service, record) : []

  const declare = (declaration: Declaration): string => {
    const name = names.claim(path, declaration.name)
    declarations.push({ ...declaration, name })
    return name
  }
  const sent = (schema: JsonSchema, name: string): TypeUse => {
    const isSent = true
    if (!hasFields(schema)) return { schema, isSent }
    return { name: declare({ name, schema, description: undefined, isSent }), isList: false }
  }
  /** A type of its own where it is an object with more than a field or two, or a list of those. */
  const told = (schema: JsonSchema, name: string, ofList = name): TypeUse => {
    const isSent = false
    const isList = schema.type === 'array' && typeof schema.items === 'object'
    const one = isList ? (schema.items as JsonSchema) : schema
    const record = known.find(({ schema }) => sameSchema(schema, one))
    if (record) return { name: record.name, isList }
    if (one['x-record'] !== undefined || !hasFields(one) || isSmall(one)) return { schema, isSent }
    const { description } = one
    return { name: declare({ name: isList ? ofList : name, schema: one, description, isSent }), isList }
  }
  const planMethod = (method: ManifestMethod): MethodPlan => {
    const name = prefix + pascal(method.name)
    const { input, output } = method
    return {
      method,
      input: takesSomething(input) ? sent(input, `${name}Input`) : undefined,
      isInputOptional: !input?.required?.length,
      output: told(output ?? success, `${name}Output`, `${name}Item`)
    }
  }
  const planEvent = ({ name, payload }: ManifestEvent): EventPlan => {
    const word = pascal(name)
    return { name, payload: told(payload, `${word.startsWith(prefix) ? word : prefix + word}Event`) }
  }
  const methods = service.methods.map(planMethod)
  const events = service.events.map(planEvent)
  return {
    path,
    description,
    name: camel(path),
    type,
    resource: record,
    methods,
    events,
    eventsType: record || events.length ? names.claim(path, `${prefix}Events`) : undefined,
    rooms: commands.flatMap((command) => roomOf(command, path)),
    declarations
  }
}

const success: JsonSchema = {
  type: 'object',
  properties: { success: { const: true } },
  required: ['success']
}

/** What the records of a resource are called, by their schemas; the interface that is shorter first. */
function knownRecords({ schemas }: ManifestResource, { record, detail }: ResourcePlan): KnownRecord[] {
  return [
    { name: record, schema: schemas.record },
    { name: detail, schema: schemas.detail }
  ]
}

interface KnownRecord {
  readonly name: string
  readonly schema: JsonSchema
}

/** One plain field, that nothing is said about: that reads best where it is used. */
function isSmall({ properties = {} }: JsonSchema): boolean {
  const [only, ...others] = Object.values(properties)
  return (
    !others.length && only?.description === undefined && !['array', 'object'].includes(String(only?.type))
  )
}

function takesSomething(input: JsonSchema | null): input is JsonSchema {
  return input !== null && (hasFields(input) || input.additionalProperties !== false)
}

function roomOf({ room, name, description }: ManifestCommand, path: string): RoomPlan[] {
  return room?.service === path ? [{ ...room, description, join: name }] : []
}
