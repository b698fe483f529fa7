import assert from 'node:assert/strict'
import { Validator } from '@seriousme/openapi-schema-validator'
import { defineResource } from '@signalbox/plugin'
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import { Type } from 'typebox'
import { resourceModel } from '../resources/Model.ts'
import { routesOf } from '../rest/routes.ts'
import { createOpenApi } from './openapi.ts'
import type { JsonSchema } from './JsonSchema.ts'
import { input, referencesIn, resolveIn } from './support.test.ts'

interface Operation {
  readonly operationId: string
  readonly tags: readonly string[]
  readonly security?: readonly unknown[]
  readonly parameters: readonly {
    readonly name?: string
    readonly $ref?: string
    readonly [key: string]: unknown
  }[]
  readonly requestBody?: { readonly required: boolean }
  readonly responses: Readonly<Record<string, any>>
  readonly 'x-permission': string
}

const document = createOpenApi(input)
const operations = Object.entries(document.paths).flatMap(([path, item]) => operationsOf(path, item))
const schemas: Readonly<Record<string, JsonSchema>> = resolveIn(document, '#/components/schemas')

function operationsOf(path: string, item: Readonly<Record<string, any>>) {
  const verbs = Object.keys(item).filter((key) => !key.startsWith('x-'))
  return verbs.map((verb): { path: string; verb: string; operation: Operation } => ({
    path,
    verb,
    operation: item[verb]
  }))
}

function operation(id: string): Operation {
  return (
    operations.find(({ operation }) => operation.operationId === id)?.operation ?? assert.fail(`no ${id}`)
  )
}

function parameterNames(id: string): string[] {
  return operation(id).parameters.map(
    ({ name, $ref }) => name ?? $ref?.slice($ref.lastIndexOf('/') + 1) ?? ''
  )
}

function compile(name: string): ValidateFunction {
  const ajv = new Ajv2020({ strict: false, validateFormats: false })
  ajv.addSchema({ $id: 'openapi', ...document })
  return ajv.compile({ $ref: `openapi#/components/schemas/${name}` })
}

const record = {
  id: 'c1',
  version: 1,
  createdAt: '2026-01-01T00:00:00.000Z',
  updatedAt: '2026-01-01T00:00:00.000Z',
  name: 'Gate',
  protocol: 'rtsp',
  model: null,
  tags: [],
  streams: { main: 'rtsp://gate/main' },
  position: [1, 2],
  labels: { floor: '1' },
  lastSeen: null,
  confidence: null
}

describe('the OpenAPI document', () => {
  it('is valid', async () => {
    const { valid, errors } = await new Validator().validate(structuredClone(document))
    assert.ok(valid, JSON.stringify(errors))
  })

  it('has schemas that are JSON Schema 2020-12 and compile', () => {
    const ajv = new Ajv2020({ strict: false, validateFormats: false })
    for (const [name, schema] of Object.entries(schemas)) {
      assert.ok(ajv.validateSchema(schema), `${name}: ${ajv.errorsText()}`)
      assert.doesNotThrow(() => compile(name), name)
    }
  })

  it('refers to nothing that is not there', () => {
    const references = referencesIn(document)
    assert.ok(references.length > 50)
    for (const reference of references) assert.ok(resolveIn(document, reference), reference)
  })

  it('has every route of the REST door once, and nothing else', () => {
    const routes = routesOf(input.models).map(
      ({ verb, path }) => `${verb} /rides/api${path.replace(':id', '{id}')}`
    )
    const written = operations.map(({ verb, path }) => `${verb.toUpperCase()} ${path}`)
    assert.deepEqual(written.sort(), routes.sort())
    assert.equal(new Set(operations.map(({ operation }) => operation.operationId)).size, operations.length)
  })

  it('names operations after the service and its method, and tags them with the plugin', () => {
    assert.deepEqual(operation('cameras.find').tags, ['recorder'])
    assert.deepEqual(operation('coaster.modules.patch').tags, ['coaster'])
    assert.deepEqual(document['tags'], [{ name: 'coaster' }, { name: 'recorder' }])
  })

  it('takes the records that the host answers, with null for what has no value', () => {
    const check = compile('Camera')
    assert.ok(check(record), JSON.stringify(check.errors))
    assert.ok(!check({ ...record, model: undefined }), 'a declared field is never missing')
    assert.ok(!check({ ...record, password: 'x' }), 'a secret is no part of a record')
    assert.ok(!check({ ...record, position: [1] }), 'a tuple has all of its places')
  })

  it('refers to the record of another resource where one is shown', () => {
    assert.deepEqual(schemas['ModuleDetail']?.properties?.['camera'], {
      anyOf: [{ $ref: '#/components/schemas/Camera' }, { type: 'null' }]
    })
  })

  it('answers a list in one of three forms', () => {
    const { headers, content } = operation('cameras.find').responses['200']
    assert.deepEqual(Object.keys(headers), ['X-Total-Count', 'Link'])
    const ajv = new Ajv2020({ strict: false, validateFormats: false })
    ajv.addSchema({ $id: 'openapi', ...document })
    const forms: readonly JsonSchema[] = content['application/json'].schema.oneOf
    const check = ajv.compile({ oneOf: forms.map((form) => withBase(form)) })
    assert.ok(check([record]), JSON.stringify(check.errors))
    assert.ok(check({ total: null, limit: 20, skip: 0, data: [record] }), JSON.stringify(check.errors))
    assert.ok(check({ items: [record], page: 1, limit: 20, total: 1 }), JSON.stringify(check.errors))
    assert.ok(!check({ items: [record], total: 1 }))
  })

  it('has one query parameter for each field that a list can be filtered by, and those of the window', () => {
    const names = parameterNames('cameras.find')
    for (const name of [
      'name',
      'tags',
      'confidence',
      '$limit',
      '$sort',
      '$after',
      '$total',
      'page',
      'search'
    ]) {
      assert.equal(names.filter((other) => other === name).length, 1, name)
    }
    for (const name of ['streams', 'labels', 'password']) assert.ok(!names.includes(name), name)
    assert.ok(!parameterNames('coaster.modules.find').includes('search'), 'nothing to search in')
  })

  it('lets a field win over a window parameter of its name', () => {
    const schema = Type.Object({ limit: Type.Integer(), name: Type.String() })
    const rates = defineResource({
      path: 'rates',
      singular: 'rate',
      description: 'Rates',
      table: 'rates',
      schema
    })
    const { paths } = createOpenApi({ ...input, basePath: '', models: [resourceModel(rates, '@acme/rates')] })
    const [find] = operationsOf('/api/rates', paths['/api/rates'] ?? {})
    const limits = find?.operation.parameters.filter(({ name }) => name === 'limit') ?? []
    assert.deepEqual(
      limits.map((parameter) => 'x-operators' in parameter),
      [true]
    )
  })

  it('has the input of a GET in the query, and of other verbs in the body', () => {
    const history = operation('cameras.history').parameters
    assert.deepEqual(
      history.map(({ name, $ref, required }) => [name ?? $ref, required ?? false]),
      [
        ['#/components/parameters/Id', false],
        ['since', true],
        ['limit', false],
        ['kinds', false]
      ]
    )
    assert.equal(operation('cameras.history').requestBody, undefined)
    assert.equal(operation('cameras.discover').requestBody?.required, false)
    assert.equal(operation('maintenance.patch').requestBody?.required, true)
  })

  it('has Idempotency-Key on each POST, and If-Match on what changes a record', () => {
    for (const { verb, operation } of operations) {
      const names = parameterNames(operation.operationId)
      assert.equal(names.includes('IdempotencyKey'), verb === 'post', operation.operationId)
      assert.equal(
        names.includes('IfMatch'),
        /\.(update|patch|remove)$/.test(operation.operationId) && names.includes('Id')
      )
    }
  })

  it('asks for a token but where a method is public, and says the permission', () => {
    assert.deepEqual(document['security'], [{ bearer: [] }])
    const open = operations.filter(({ operation }) => operation.security?.length === 0)
    assert.deepEqual(
      open.map(({ operation }) => operation.operationId),
      ['maintenance.find']
    )
    assert.equal(operation('cameras.find')['x-permission'], 'cameras:read')
    assert.equal(operation('cameras.remove')['x-permission'], 'cameras:remove')
    assert.equal(operation('maintenance.acknowledge')['x-permission'], 'signed-in')
  })

  it('says which errors apply', () => {
    const statuses = (id: string): string[] => Object.keys(operation(id).responses)
    assert.deepEqual(statuses('cameras.get'), [
      '200',
      '400',
      '401',
      '403',
      '404',
      '429',
      '500',
      '503',
      'default'
    ])
    for (const status of ['201', '409', '413', '415', '422'])
      assert.ok(statuses('cameras.create').includes(status))
    assert.deepEqual(statuses('maintenance.find'), ['200', '429', '500', '503', 'default'])
  })

  it('says which events tell of a resource', () => {
    assert.deepEqual(document.paths['/rides/api/cameras']?.['x-events'], [
      'cameras created',
      'cameras updated',
      'cameras patched',
      'cameras removed',
      'camera-changed',
      'camera:lost'
    ])
  })

  it('cannot be written where two resources share a singular', () => {
    const schema = Type.Object({ name: Type.String() })
    const twin = defineResource({
      path: 'twins',
      singular: 'camera',
      description: 'Twins',
      table: 'twins',
      schema
    })
    const models = [...input.models, resourceModel(twin, '@acme/twins')]
    assert.throws(() => createOpenApi({ ...input, models }), /called Camera/)
  })
})

/** The document is a schema of its own to Ajv: references into it need its name. */
function withBase(schema: JsonSchema): JsonSchema {
  return JSON.parse(JSON.stringify(schema).replaceAll('"#/', '"openapi#/'))
}
