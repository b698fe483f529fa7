import { baseFields, type MethodSpec, type MethodSpecs, type Resource, type Service } from '@signalbox/plugin'
import { Type, type TObject, type TProperties, type TSchema } from 'typebox'
import { bodyDecoder, type Decode } from './decodeBody.ts'
import { queryDecoder, type DecodedQuery } from './decodeQuery.ts'
import { toKebab } from './names.ts'
import type { OwnedAugmentation } from './OwnedAugmentation.ts'
import { closed, deriveSchemas, type ResourceSchemas } from './schemas.ts'
import { tableLayout, type TableLayout } from './tableLayout.ts'

/** A declared method with its defaults resolved and its input compiled. */
export interface Method {
  readonly name: string
  readonly description: string
  readonly on: 'record' | 'collection'
  readonly http: 'GET' | 'POST' | 'PATCH'
  readonly route: string
  readonly permission: string
  readonly input: TObject | undefined
  readonly output: TSchema | undefined
  readonly unitOfWork: boolean
  readonly decode: Decode
}

/** A resource, with all that was added to it, compiled once at start. */
export interface ResourceModel {
  readonly kind: 'resource'
  readonly path: string
  readonly plugin: string
  readonly resource: Resource
  readonly schemas: ResourceSchemas
  readonly layout: TableLayout
  readonly methods: ReadonlyMap<string, Method>
  readonly augmentations: readonly OwnedAugmentation[]
  readonly decodeCreate: Decode
  readonly decodeUpdate: Decode
  readonly decodePatch: Decode
  /** For the platform's own code, which may also set read-only fields. */
  readonly decodeOwnCreate: Decode
  readonly decodeOwnPatch: Decode
  readonly decodeQuery: (query: unknown) => DecodedQuery
}

/** A service without records, compiled. */
export interface ServiceModel {
  readonly kind: 'service'
  readonly path: string
  readonly plugin: string
  readonly service: Service
  readonly methods: ReadonlyMap<string, Method>
}

export type Model = ResourceModel | ServiceModel

/** Fields that only the server sets; in a body they are accepted and ignored. */
const serverFields = ['id', 'createdAt', 'updatedAt', 'updatedBy', 'deletedBy']

export function resourceModel(
  resource: Resource,
  plugin: string,
  augmentations: readonly OwnedAugmentation[] = []
): ResourceModel {
  const augmented = Object.assign({}, ...augmentations.map(({ augmentation }) => augmentation.fields ?? {}))
  const schemas = deriveSchemas(resource, augmented)
  const ignored = [...serverFields, ...(resource.readOnly ?? []), ...Object.keys(resource.detail ?? {})]
  const withVersion = (schema: TObject): TObject =>
    closed({ ...schema.properties, version: Type.Optional(baseFields.version) })
  const specs: MethodSpecs = Object.assign(
    {},
    resource.methods,
    ...augmentations.map(({ augmentation }) => augmentation.methods ?? {})
  )
  return {
    kind: 'resource',
    path: resource.path,
    plugin,
    resource,
    schemas,
    layout: tableLayout(resource, augmentations),
    methods: compileMethods(resource.path, specs, schemas.detail),
    augmentations,
    decodeCreate: bodyDecoder(schemas.create, { ignored: [...ignored, 'version'] }),
    decodeUpdate: bodyDecoder(schemas.update, { ignored }),
    decodePatch: bodyDecoder(withVersion(schemas.patch), { ignored }),
    decodeOwnCreate: bodyDecoder(schemas.ownCreate, { ignored: serverFields }),
    decodeOwnPatch: bodyDecoder(withVersion(schemas.ownPatch), { ignored: serverFields }),
    decodeQuery: queryDecoder({
      fields: schemas.record.properties,
      searchable: Boolean(resource.search?.length),
      defaultSort: resource.defaultSort ?? {}
    })
  }
}

export function serviceModel(service: Service, plugin: string): ServiceModel {
  return {
    kind: 'service',
    path: service.path,
    plugin,
    service,
    methods: compileMethods(service.path, service.methods)
  }
}

/** `record` is what a method answers that answers the record. */
function compileMethods(path: string, specs: MethodSpecs, record?: TObject): ReadonlyMap<string, Method> {
  return new Map(Object.entries(specs).map(([name, spec]) => [name, compileMethod(path, name, spec, record)]))
}

function compileMethod(path: string, name: string, spec: MethodSpec, record: TObject | undefined): Method {
  const http = spec.http ?? 'POST'
  const { properties, additionalProperties } = (spec.input ?? {}) as {
    properties?: TProperties
    additionalProperties?: boolean
  }
  const input = properties && closed(properties, { additionalProperties: additionalProperties ?? false })
  return {
    name,
    description: spec.description,
    on: spec.on,
    http,
    route: spec.route ?? toKebab(name),
    permission: spec.permission ?? `${path}:${name}`,
    input,
    output: spec.output === 'record' ? (record ?? hasNoRecord(path, name)) : spec.output,
    unitOfWork: spec.unitOfWork ?? false,
    decode: inputDecoder(http, input)
  }
}

function hasNoRecord(path: string, name: string): never {
  throw new Error(`${path}.${name} answers a record, but ${path} is a service without records.`)
}

/** A body without declared fields may have none; a query may carry what a proxy or a browser adds. */
function inputDecoder(http: Method['http'], input: TObject | undefined): Decode {
  if (http === 'GET') return input ? bodyDecoder(input, { coerced: true }) : () => ({})
  return bodyDecoder(input ?? closed({}))
}
