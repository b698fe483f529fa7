import assert from 'node:assert/strict'
import { errorKinds } from '@signalbox/plugin'
import { createAsyncApi } from './asyncapi.ts'
import type { JsonSchema } from './JsonSchema.ts'
import { input, referencesIn, resolveIn } from './support.test.ts'

const document = createAsyncApi(input)
const { channels, operations } = document

function payloadOf(reference: string): JsonSchema {
  const message: { readonly payload: JsonSchema } | undefined = resolveIn(document, reference)
  return message?.payload ?? assert.fail(`no ${reference}`)
}

describe('the AsyncAPI document', () => {
  it('is of version 3.0, with the Socket.IO path below the base path', () => {
    assert.equal(document['asyncapi'], '3.0.0')
    assert.equal(resolveIn(document, '#/servers/socketio/pathname'), '/rides/socket.io')
    assert.deepEqual(Object.keys(resolveIn(document, '#/servers/socketio/variables')), ['host'])
  })

  it('refers to nothing that is not there', () => {
    const references = referencesIn(document)
    assert.ok(references.length > 50)
    for (const reference of references) assert.ok(resolveIn(document, reference), reference)
  })

  it('has keys that the specification allows', () => {
    const components: readonly object[] = Object.values(resolveIn(document, '#/components'))
    const messages = Object.values(channels).map((channel) => channel.messages)
    for (const part of [channels, operations, ...components, ...messages]) {
      for (const key of Object.keys(part)) assert.match(key, /^[\w.-]+$/)
    }
  })

  it('has one channel for each address', () => {
    const addresses = Object.values(channels).map(({ address }) => address)
    assert.equal(new Set(addresses).size, addresses.length)
  })

  it('has operations whose messages, and those of their replies, are messages of their channels', () => {
    for (const [name, { action, channel, messages, reply }] of Object.entries(operations)) {
      assert.ok(action === 'send' || action === 'receive', name)
      for (const { $ref } of messages) assert.ok($ref.startsWith(`${channel.$ref}/messages/`), $ref)
      for (const { $ref } of reply?.messages ?? []) {
        assert.ok($ref.startsWith(`${reply?.channel.$ref}/messages/`), $ref)
      }
      assert.equal(reply !== undefined, action === 'receive', name)
    }
  })

  it('has the Feathers events and the change event of each resource, and its named events', () => {
    const sent = Object.values(operations).filter(({ action }) => action === 'send')
    const addresses = sent.map(({ channel }) => resolveIn(document, `${channel.$ref}/address`))
    for (const address of [
      ...['created', 'updated', 'patched', 'removed'].map((change) => `cameras ${change}`),
      'camera-changed',
      'camera:lost',
      'coaster/modules created',
      'module-changed',
      'module:status:changed',
      'system:maintenance',
      'error'
    ]) {
      assert.equal(addresses.filter((other) => other === address).length, 1, address)
    }
  })

  it('has each Feathers call with its arguments, answered by the acknowledgement', () => {
    const patch = operations['call.cameras.patch'] ?? assert.fail('no call')
    assert.equal(resolveIn(document, `${patch.channel.$ref}/address`), 'patch')
    assert.deepEqual(payloadOf(patch.messages[0]?.$ref ?? '').items, [
      { const: 'cameras' },
      { type: 'string' },
      { $ref: '#/components/schemas/CameraPatch' },
      { type: 'object', description: 'The query' }
    ])
    const [answer, failure] = patch.reply?.messages ?? []
    assert.deepEqual(payloadOf(answer?.$ref ?? '').items, [
      { type: 'null' },
      { $ref: '#/components/schemas/Camera' }
    ])
    assert.deepEqual(payloadOf(failure?.$ref ?? '').items, [{ $ref: '#/components/schemas/Error' }])
    assert.equal(patch['x-permission'], 'cameras:update')
  })

  it('has named calls: the id of a record in the data, find and patch as Feathers calls them', () => {
    const takes = (name: string): unknown => payloadOf(operations[name]?.messages[0]?.$ref ?? name).items
    assert.deepEqual(takes('call.cameras.start'), [
      { const: 'cameras' },
      {
        type: 'object',
        properties: { id: { type: 'string' } },
        required: ['id'],
        additionalProperties: false
      },
      { type: 'object', description: 'The query' }
    ])
    assert.deepEqual(takes('call.maintenance.patch'), [
      { const: 'maintenance' },
      { type: 'null' },
      { $ref: '#/components/schemas/MaintenancePatchInput' },
      { type: 'object', description: 'The query' }
    ])
    assert.deepEqual(takes('call.maintenance.find'), [{ const: 'maintenance' }, { type: 'object' }])
  })

  it('has each command with its reply, and the one event for failures', () => {
    const command = operations['command.subscribe-logs'] ?? assert.fail('no command')
    assert.equal(resolveIn(document, `${command.channel.$ref}/address`), 'subscribe:logs')
    assert.equal(resolveIn(document, `${command.reply?.channel.$ref}/address`), 'subscribed')
    assert.deepEqual(payloadOf(command.messages[0]?.$ref ?? ''), { type: 'string' })
    const words: readonly string[] = resolveIn(
      document,
      '#/components/schemas/CommandError/properties/error/enum'
    )
    assert.ok(words.includes('Invalid parameters') && words.includes('Not found'))
    assert.ok(words.length < Object.keys(errorKinds).length, 'several kinds share a word')
  })

  it('says which events come of a command that lets a socket into a room, and of the events so', () => {
    assert.deepEqual(operations['command.subscribe-logs']?.['x-room'], {
      events: ['camera:lost'],
      key: 'cameraId',
      leave: 'unsubscribe:logs'
    })
    assert.ok(!('x-room' in (operations['command.unsubscribe-logs'] ?? assert.fail('no command'))))
    assert.match(operations['emit.cameras.camera-lost']?.summary ?? '', /in the room of subscribe:logs$/)
  })

  it('has no tuples but in the form of draft 7', () => {
    assert.ok(!JSON.stringify(document).includes('prefixItems'))
  })
})
