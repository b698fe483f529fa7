import { verbs } from '../resources/verbs.ts'
import type { Exchange } from './Exchange.ts'
import { filterSchemas } from './filterSchema.ts'
import { closedObject, type JsonSchema } from './JsonSchema.ts'
import type { ManifestMethod, ManifestResource, ManifestService } from './manifestShape.ts'
import { methodSchemaNames, resourceSchemaNames, schemaRef } from './schemaNames.ts'
import { standardMethods, type StandardMethod } from './standardMethods.ts'
import { windowSchemas } from './windowSchemas.ts'

const text = { type: 'string' }
const emptyQuery = { type: 'object', description: 'The query' }

/** The Feathers calls of a resource's standard methods: `emit('get', 'cameras', id, query, acknowledge)`. */
export function standardCalls(resource: ManifestResource): Exchange[] {
  const { path, singular } = resource
  const names = resourceSchemaNames(singular)
  const query = querySchema(resource)
  const takes: Readonly<Record<StandardMethod['name'], readonly JsonSchema[]>> = {
    find: [query],
    get: [text, emptyQuery],
    create: [schemaRef(names.create), emptyQuery],
    update: [text, schemaRef(names.update), emptyQuery],
    patch: [text, schemaRef(names.patch), emptyQuery],
    remove: [text, emptyQuery]
  }
  return standardMethods.map(({ name, summary, answer }) => ({
    id: `call.${path}.${name}`,
    action: 'receive',
    address: name,
    summary: summary(resource),
    payload: callArguments(path, takes[name]),
    reply: acknowledgement(answer === 'list' ? listForms(names) : schemaRef(names[answer])),
    permission: `${path}:${verbs[name]}`
  }))
}

/** The calls of declared methods: `emit('start', 'jobs', { id }, query, acknowledge)`. */
export function namedCalls({ path, methods }: ManifestService): Exchange[] {
  return methods.map((method) => ({
    id: `call.${path}.${method.name}`,
    action: 'receive',
    address: method.name,
    summary: method.description,
    payload: callArguments(path, namedArguments(path, method)),
    reply: acknowledgement(
      schemaRef(method.output ? methodSchemaNames(path, method.name).output : 'Success')
    ),
    permission: method.permission
  }))
}

/** Feathers calls `find(query)` and `patch(null, data, query)`, and every other name as `(data, query)`. */
function namedArguments(path: string, { name, on, input }: ManifestMethod): readonly JsonSchema[] {
  const given = input ? schemaRef(methodSchemaNames(path, name).input) : { type: 'object' }
  if (name === 'find') return [given]
  if (name === 'patch') return [{ type: 'null' }, given, emptyQuery]
  return [on === 'record' ? withId(input) : given, emptyQuery]
}

function withId(input: JsonSchema | null): JsonSchema {
  return closedObject({ id: text, ...input?.properties }, ['id', ...(input?.required ?? [])])
}

/** The tuple of a call; its last part, the query, may be left out. */
function callArguments(path: string, takes: readonly JsonSchema[]): JsonSchema {
  return { type: 'array', prefixItems: [{ const: path }, ...takes], minItems: takes.length, items: false }
}

function acknowledgement(result: JsonSchema): { readonly address: null; readonly payload: JsonSchema } {
  return {
    address: null,
    payload: { type: 'array', prefixItems: [{ type: 'null' }, result], minItems: 2, items: false }
  }
}

function listForms({ record, window, page }: ReturnType<typeof resourceSchemaNames>): JsonSchema {
  return { oneOf: [{ type: 'array', items: schemaRef(record) }, schemaRef(window), schemaRef(page)] }
}

function querySchema(resource: ManifestResource): JsonSchema {
  const filters = Object.entries(filterSchemas(resource.schemas.record.properties))
  const conditions = Object.fromEntries(filters.map(([name, value]) => [name, conditionSchema(value)]))
  const branches = {
    type: 'array',
    items: { type: 'object' },
    description: 'Conditions of which one, or all, hold'
  }
  return closedObject({ $or: branches, $and: branches, ...windowSchemas(resource), ...conditions }, [])
}

function conditionSchema(value: JsonSchema): JsonSchema {
  const list = { type: 'array', items: value }
  const operators = { $ne: value, $in: list, $nin: list, $gt: value, $gte: value, $lt: value, $lte: value }
  return { anyOf: [value, list, closedObject(operators, [])] }
}
