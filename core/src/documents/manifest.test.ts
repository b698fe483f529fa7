import assert from 'node:assert/strict'
import { defineResource, defineService, errorKinds } from '@signalbox/plugin'
import { Type, type TProperties } from 'typebox'
import { resourceModel, serviceModel } from '../resources/Model.ts'
import { createManifest } from './manifest.ts'
import { cameras, input } from './support.test.ts'

const manifest = createManifest(input)
const camera = manifest.resources.find(({ path }) => path === 'cameras')

describe('the manifest', () => {
  it('is the same whatever order things come in', () => {
    const turned = {
      ...input,
      models: input.models.toReversed(),
      plugins: input.plugins.toReversed(),
      commands: input.commands.toReversed()
    }
    assert.deepEqual(createManifest(turned), manifest)
    assert.match(manifest.hash, /^[0-9a-f]{32}$/)
  })

  it('has the same hash below another base path, and another with another version', () => {
    assert.equal(createManifest({ ...input, basePath: '' }).hash, manifest.hash)
    assert.notEqual(createManifest({ ...input, version: '1.2.4' }).hash, manifest.hash)
  })

  it('has another hash when a field is added', () => {
    const hashWith = (fields: TProperties): string => {
      const schema = Type.Object({ ...cameras.schema.properties, ...fields })
      const model = resourceModel(defineResource({ ...cameras, schema }), '@signalbox/recorder')
      return createManifest({ ...input, models: [model] }).hash
    }
    assert.equal(hashWith({}), hashWith({}))
    assert.notEqual(hashWith({ firmware: Type.Optional(Type.String()) }), hashWith({}))
  })

  it('says of secrets that they exist, and has them in bodies alone', () => {
    assert.deepEqual(camera?.secrets, ['password'])
    const { record, detail, create, update, patch } = camera?.schemas ?? assert.fail('no cameras')
    for (const answer of [record, detail]) assert.ok(!('password' in (answer.properties ?? {})))
    for (const body of [create, update, patch]) assert.ok('password' in (body.properties ?? {}))
  })

  it('lets a patch take null for what may be without a value, and for nothing else', () => {
    const { properties = {} } = camera?.schemas.patch ?? {}
    assert.equal(properties['name']?.type, 'string')
    assert.ok(properties['model']?.anyOf?.some(({ type }) => type === 'null'))
    assert.ok(!camera?.schemas.patch.required?.length)
  })

  it('has every declared field in a record, optional ones with null, and augmented ones too', () => {
    const { properties = {}, required = [] } = camera?.schemas.record ?? {}
    assert.deepEqual(properties['model'], { anyOf: [{ type: 'string' }, { type: 'null' }] })
    assert.deepEqual(properties['confidence'], { anyOf: [{ type: 'number' }, { type: 'null' }] })
    assert.deepEqual([...required].sort(), Object.keys(properties).sort())
  })

  it('lets a change carry the version it is meant for, and a create leave out what has a default', () => {
    const { create, update, patch } = camera?.schemas ?? assert.fail('no cameras')
    assert.deepEqual(create.required, ['name', 'streams'])
    assert.ok(!('version' in (create.properties ?? {})))
    for (const body of [update, patch]) assert.equal(body.properties?.['version']?.type, 'integer')
    assert.ok(!('lastSeen' in (patch.properties ?? {})), 'read-only fields cannot be sent')
  })

  it('says in which order a list comes that asks for none', () => {
    assert.deepEqual(camera?.defaultSort, {})
    const model = resourceModel(
      defineResource({ ...cameras, defaultSort: { name: -1 } }),
      '@signalbox/recorder'
    )
    assert.deepEqual(createManifest({ ...input, models: [model] }).resources[0]?.defaultSort, { name: -1 })
  })

  it('has methods with the path and the permission that the REST door gives them', () => {
    assert.deepEqual(
      camera?.methods.map(({ name, http, path, permission }) => [name, http, path, permission]),
      [
        ['discover', 'POST', '/cameras/discover', 'cameras:discover'],
        ['history', 'GET', '/cameras/:id/history', 'cameras:read'],
        ['start', 'POST', '/cameras/:id/start', 'cameras:start'],
        ['test', 'POST', '/cameras/:id/test', 'cameras:test']
      ]
    )
    assert.ok(camera?.permissions.includes('cameras:start'))
  })

  it('has the record’s own schema where a method answers it, which only a resource’s can', () => {
    const start = camera?.methods.find(({ name }) => name === 'start')
    assert.deepEqual(start?.output, camera?.schemas.detail)
    const methods = { start: { description: 'Starts', on: 'collection', output: 'record' } } as const
    const engine = defineService({ path: 'engine', description: 'The engine', methods })
    assert.throws(() => serviceModel(engine, '@acme/engine'), {
      message: 'engine.start answers a record, but engine is a service without records.'
    })
  })

  it('has the record of another resource where one is shown, with what others add to it', () => {
    const modules = manifest.resources.find(({ path }) => path === 'coaster/modules')
    const [record, none] = modules?.schemas.detail.properties?.['camera']?.anyOf ?? []
    assert.deepEqual(record, { ...camera?.schemas.record, 'x-record': 'cameras' })
    assert.deepEqual(none, { type: 'null' })
    assert.ok('confidence' in (record?.properties ?? {}))
  })

  it('has services, commands, named events and the table of errors', () => {
    const [service] = manifest.services
    assert.deepEqual(
      service?.methods.map(({ name, path }) => [name, path]),
      [
        ['acknowledge', '/maintenance/acknowledge'],
        ['find', '/maintenance'],
        ['patch', '/maintenance']
      ]
    )
    const [subscribe, unsubscribe] = manifest.commands
    assert.deepEqual(subscribe, {
      name: 'subscribe:logs',
      plugin: '@signalbox/recorder',
      description: 'Begins to hear the log of a camera',
      reply: 'subscribed',
      input: { type: 'string' },
      output: { type: 'object', properties: { room: { type: 'string' } }, required: ['room'] },
      room: {
        service: 'cameras',
        method: 'followLogs',
        leave: 'unsubscribe:logs',
        events: ['camera:lost'],
        key: 'cameraId'
      }
    })
    assert.deepEqual([unsubscribe?.name, unsubscribe?.room], ['unsubscribe:logs', null])
    assert.deepEqual(
      camera?.events.map(({ name }) => name),
      ['camera:lost']
    )
    assert.deepEqual(manifest.errors, errorKinds)
  })

  it('has each plugin with the short name that its part of the client bears', () => {
    assert.deepEqual(manifest.plugins, [
      { name: '@signalbox/coaster', version: '2.0.0', short: 'coaster' },
      { name: '@signalbox/recorder', version: '1.0.0', short: 'recorder' }
    ])
  })

  it('survives being written and read', () => {
    assert.deepEqual(JSON.parse(JSON.stringify(manifest)), manifest)
  })
})
