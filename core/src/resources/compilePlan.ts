import { invalidField, PlatformError, type HookContext } from '@signalbox/plugin'
import type { TSchema } from 'typebox'
import type { CallContext } from './CallContext.ts'
import type { Method, ResourceModel } from './Model.ts'
import type { DecodedQuery } from './decodeQuery.ts'
import { decodeSelect } from './decodeWindow.ts'
import { fieldNames } from './names.ts'
import { listProjection, recordProjection, type Project, type ProjectList } from './project.ts'
import type { Registered, Registry } from './Registry.ts'
import { isStandard, verbs, type StandardName } from './verbs.ts'

/** What the pipeline needs to know of one method of one service, worked out at its first call. */
export interface Plan {
  readonly permission: string
  readonly isMutation: boolean
  readonly isPost: boolean
  readonly isList: boolean
  /** Whether it is about records, so that a right to some of them is enough. */
  readonly onRecords: boolean
  readonly needsTransaction: boolean
  readonly decode: (call: CallContext) => void
  readonly prepare: readonly ((context: HookContext) => Promise<void>)[]
  readonly project: Project
  readonly projectList: ProjectList
}

export function compilePlan(registry: Registry, path: string, name: string): Plan {
  const registered = registry.at(path)
  const { model } = registered
  const method = model.methods.get(name)
  if (method) return methodPlan(registered, method)
  if (model.kind === 'resource' && isStandard(name)) return crudPlan(registered, model, name)
  throw new PlatformError('methodNotAllowed', `${path} has no method ${name}.`)
}

function crudPlan(registered: Registered, model: ResourceModel, name: StandardName): Plan {
  const isMutation = name !== 'find' && name !== 'get'
  const schema = name === 'get' ? model.schemas.detail : model.schemas.record
  const decodeArguments = crudDecoder(model, name)
  const fieldOf = fieldNames(Object.keys(schema.properties))
  return {
    permission: `${model.path}:${verbs[name]}`,
    isMutation,
    isPost: name === 'create',
    isList: name === 'find',
    onRecords: true,
    needsTransaction: isMutation && registered.hasHooks(name),
    decode: (call) => {
      decodeArguments(call)
      if (name !== 'find') call.params.select = decodeSelect(call.params.query['$select'], fieldOf)
    },
    prepare: registered.preparations(name),
    project: recordProjection(schema),
    projectList: listProjection(model.schemas.record)
  }
}

function crudDecoder(model: ResourceModel, name: string): (call: CallContext) => void {
  return (call) => {
    const ours = call.params.provider === undefined
    const decodeCreate = ours ? model.decodeOwnCreate : model.decodeCreate
    const decodeUpdate = ours ? model.decodeOwnCreate : model.decodeUpdate
    const decodePatch = ours ? model.decodeOwnPatch : model.decodePatch
    if (name !== 'create' && name !== 'find') call.id = decodeId(call.id)
    switch (name) {
      case 'find':
        call.params.decoded = decodeFind(model, call)
        break
      case 'create':
        call.data = decodeList(call.data, decodeCreate)
        break
      case 'update': {
        const { version, ...body } = requireObject(call.data)
        call.params.version ??= decodeVersion(version)
        call.data = decodeUpdate(body)
        break
      }
      case 'patch': {
        const { version, ...data } = decodePatch(call.data)
        call.params.version ??= version as number | undefined
        call.data = data
        break
      }
      default:
    }
  }
}

function decodeFind(model: ResourceModel, { params }: CallContext): DecodedQuery {
  const { filter, window } = model.decodeQuery(params.query)
  const unlimited = params.unlimited && window.form === 'list'
  return { filter, window: unlimited ? { ...window, limit: Infinity } : window }
}

function methodPlan(registered: Registered, method: Method): Plan {
  const standard = method.name === 'find' || method.name === 'patch' || method.name === 'create'
  return {
    permission: method.permission,
    isMutation: method.unitOfWork,
    isPost: method.http === 'POST',
    isList: false,
    onRecords: method.on === 'record',
    needsTransaction: method.unitOfWork,
    decode: (call) => {
      const input: unknown = method.name === 'find' ? call.params.query : call.data
      const { id, ...body } = (input ?? {}) as Record<string, unknown>
      if (method.on === 'record') call.id = decodeId(id)
      const data = method.decode(method.on === 'record' ? body : (input ?? {}))
      if (standard && method.name === 'find') call.params.query = data
      else call.data = method.on === 'record' ? { ...data, id: call.id } : data
    },
    prepare: registered.preparations(method.name),
    project: methodProjection(method.output),
    projectList: (body) => body
  }
}

function methodProjection(output: TSchema | undefined): Project {
  return output ? (value) => value : () => ({ success: true })
}

function decodeId(id: unknown): string {
  const text = typeof id === 'number' ? String(id) : id
  if (typeof text !== 'string' || text === '' || text.length > 200)
    throw invalidField('id', 'must be the id of a record')
  // A null byte is not a character of any id, and Postgres refuses the whole statement for it.
  if (text.includes('\0')) throw new PlatformError('notFound', 'There is no record with this id.')
  return text
}

function requireObject(data: unknown): Readonly<Record<string, unknown>> {
  if (typeof data !== 'object' || data === null || Array.isArray(data))
    throw new PlatformError('invalid', 'The body must be one JSON object.')
  return data as Record<string, unknown>
}

function decodeVersion(version: unknown): number | undefined {
  if (version === undefined || version === null) return undefined
  if (typeof version !== 'number' || !Number.isInteger(version))
    throw invalidField('version', 'must be an integer')
  return version
}

function decodeList(
  data: unknown,
  decode: (item: unknown) => Record<string, unknown>
): Record<string, unknown> {
  if (Array.isArray(data)) throw new PlatformError('invalid', 'The body must be one JSON object, not a list.')
  return decode(data)
}
