import assert from 'node:assert/strict'
import {
  augmentResource,
  definePlugin,
  defineResource,
  extensionPoint,
  isPlatformError,
  PlatformError,
  recordColumns,
  statusReports,
  type Migration
} from '@signalbox/plugin'
import { Type } from 'typebox'
import { databases } from '../support/databases.ts'
import { nextEvent } from '../support/nextEvent.ts'
import { startTestPlatform, type TestPlatform } from '../support/startTestPlatform.ts'
import { until } from '../support/until.ts'

const migration = (name: string, sql: string): Migration => ({
  name,
  up: async (knex) => void (await knex.raw(sql))
})

const boats = defineResource({
  path: 'boats',
  singular: 'boat',
  description: 'Boats, each its owner’s',
  table: 'harbour_boats',
  schema: Type.Object({
    name: Type.String({ minLength: 1 }),
    ownerId: Type.Optional(Type.String()),
    length: Type.Optional(Type.Number()),
    key: Type.Optional(Type.String())
  }),
  secrets: ['key'],
  scopes: { own: 'ownerId' },
  scoped: true,
  methods: {
    moor: {
      description: 'Moors it, and writes so into the log book, or neither',
      on: 'record',
      input: Type.Object({ berth: Type.Integer({ minimum: 1 }) }),
      output: Type.Object({ berth: Type.Integer() }),
      unitOfWork: true
    },
    longest: {
      description: 'The longest',
      on: 'collection',
      http: 'GET',
      permission: 'boats:read',
      output: Type.Unknown()
    }
  },
  events: { moored: Type.Object({ id: Type.String(), berth: Type.Integer() }) },
  grants: { operator: ['read', 'moor'], owner: ['read', 'create', 'update', 'moor'] }
})

const entries = defineResource({
  path: 'entries',
  singular: 'entry',
  description: 'The log book',
  table: 'harbour_entries',
  schema: Type.Object({ text: Type.String() }),
  grants: { operator: ['read'] }
})

const tides = extensionPoint<() => number>('harbour.tides')

const harbour = definePlugin({
  name: '@test/harbour',
  version: '1.0.0',
  platform: '^1.0.0',
  config: Type.Object({ berths: Type.Integer({ default: 3 }) }),
  settings: {
    flag: { description: 'The flag that flies', schema: Type.String({ default: 'blue', maxLength: 10 }) }
  },
  resources: [boats, entries],
  migrations: [
    migration(
      '001',
      `create table harbour_boats (${recordColumns}, name text not null unique, owner_id text, length double precision, key text)`
    ),
    migration('002', `create table harbour_entries (${recordColumns}, text text not null)`)
  ],
  register(ctx) {
    ctx.handle(boats, {
      moor: async ({ id, data: { berth } }) => {
        await ctx.running.service(entries).create({ text: `${id} at ${berth}` })
        if (berth > ctx.config.berths) throw new PlatformError('conflict', `There is no berth ${berth}.`)
        const boat = await ctx.running.service(boats).patch(id, { length: berth })
        ctx.running.afterCommit(() => ctx.running.emit(boats, 'moored', { id, berth }, { about: boat }))
        return { berth }
      },
      longest: async () => (await ctx.running.service(boats).find({ $sort: { length: -1 }, $limit: 1 }))[0]
    })
    ctx.hook(boats, {
      create: [
        async (context, next) => {
          await ctx.running.service(entries).create({ text: `new boat ${context.data.name}` })
          await next()
          if (context.result.name === 'Titanic') throw new PlatformError('refused', 'This boat cannot stay.')
        }
      ]
    })
    ctx.extend(statusReports, async () => ({ tide: ctx.running.collect(tides).map((read) => read()) }))
  },
  async start(ctx) {
    assert.equal(ctx.setting('flag'), 'blue')
  }
})

const radio = augmentResource({
  resource: boats,
  fields: { callSign: Type.Optional(Type.String({ maxLength: 10 })), channel: Type.Optional(Type.Integer()) },
  table: 'radio_boats',
  methods: {
    call: { description: 'Calls it', on: 'record', output: Type.Object({ called: Type.String() }) }
  },
  grants: { operator: ['call'] }
})

let radioFailures = 2
const radios = definePlugin({
  name: '@test/radio',
  version: '1.0.0',
  platform: '^1.0.0',
  requires: { '@test/harbour': '^1.0.0' },
  augmentations: [radio],
  migrations: [
    migration(
      '001',
      'create table radio_boats (id text primary key references harbour_boats (id), call_sign text, channel integer)'
    )
  ],
  register(ctx) {
    ctx.extend(tides, () => 4)
    ctx.augment(radio, {
      call: async ({ id }) => ({ called: (await ctx.running.service(boats).get(id)).name })
    })
  },
  start: async () => {
    if (radioFailures-- > 0) throw new Error('no reception')
  }
})

for (const { name, open } of databases) {
  describe(`A plugin on the platform, on ${name}`, function () {
    this.timeout(60_000)
    let platform: TestPlatform
    let drop: () => Promise<void>

    before(async function () {
      radioFailures = 2
      const database = await open(this)
      drop = database.drop
      // Listed in the wrong order: the graph decides.
      platform = await startTestPlatform({
        databaseUrl: database.url,
        plugins: [radios(), harbour({ berths: 5 })]
      })
    })

    after(async () => {
      await platform?.stop()
      await drop?.()
    })

    it('is tried again when it fails to start, alone, and says why meanwhile', async () => {
      const admin = await platform.admin()
      const { body } = await admin.api('GET', '/status')
      assert.equal(body.plugins.harbour.state, 'running')
      assert.match(
        `${body.plugins.radio.state} ${body.plugins.radio.error}`,
        /^(failed|starting) no reception/
      )
      assert.equal((await platform.api('GET', '/health')).body.status, 'degraded')
      await until(
        'the radio',
        async () => (await admin.api('GET', '/status')).body.plugins.radio.state === 'running'
      )
      assert.equal((await platform.api('GET', '/health')).body.status, 'ok')
      assert.deepEqual((await admin.api('GET', '/status')).body.tide, [4])
    })

    it('sees what a hook does in the same unit of work as the write', async () => {
      const admin = await platform.admin()
      const refused = await admin.api('POST', '/boats', { name: 'Titanic' })
      assert.equal(refused.status, 422)
      assert.deepEqual((await admin.api('GET', '/boats')).body, [])
      assert.deepEqual((await admin.api('GET', '/entries')).body, [])
      assert.equal((await admin.api('POST', '/boats', { name: 'Argo' })).status, 201)
      assert.deepEqual(
        (await admin.api('GET', '/entries')).body.map(({ text }: { text: string }) => text),
        ['new boat Argo']
      )
    })

    it('keeps all of a method’s writes or none, and tells an event only after the commit', async () => {
      const admin = await platform.admin()
      const socket = await admin.socket()
      const [argo] = (await admin.api('GET', '/boats?name=Argo')).body
      const before = (await admin.api('GET', '/entries')).body.length
      const refused = await admin.api('POST', `/boats/${argo.id}/moor`, { berth: 9 })
      assert.deepEqual([refused.status, refused.body.message], [409, 'There is no berth 9.'])
      assert.equal((await admin.api('GET', '/entries')).body.length, before)
      const moored = nextEvent(socket, 'moored')
      assert.deepEqual((await admin.api('POST', `/boats/${argo.id}/moor`, { berth: 5 })).body, { berth: 5 })
      assert.deepEqual(await moored, { id: argo.id, berth: 5 })
      assert.equal((await admin.api('GET', '/boats/longest')).body.name, 'Argo')
    })

    it('adds flat fields and methods to another plugin’s resource, with one change for both', async () => {
      const admin = await platform.admin()
      const created = await admin.api('POST', '/boats', { name: 'Beagle', callSign: 'BGL', key: 'k3y' })
      assert.equal(created.status, 201, JSON.stringify(created.body))
      const { id } = created.body
      assert.deepEqual(
        [created.body.callSign, created.body.channel, created.body.name],
        ['BGL', null, 'Beagle']
      )
      const patched = await admin.api('PATCH', `/boats/${id}`, { channel: 16, length: 27 })
      assert.deepEqual([patched.body.callSign, patched.body.channel, patched.body.length], ['BGL', 16, 27])
      assert.deepEqual(
        (await admin.api('GET', '/boats?channel=16&$sort[callSign]=1')).body.map((one: any) => one.id),
        [id]
      )
      assert.deepEqual((await admin.api('POST', `/boats/${id}/call`)).body, { called: 'Beagle' })
      await platform.drain()
      const { changes } = (await admin.api('GET', '/changes?limit=1000')).body
      const last = changes.filter((change: any) => change.recordId === id).at(-1)
      assert.deepEqual([last.action, last.record.callSign, last.record.channel], ['patched', 'BGL', 16])
      assert.ok(!JSON.stringify(changes).includes('k3y') && !('key' in last.record))
      const replaced = await admin.api('PUT', `/boats/${id}`, { name: 'Beagle II' })
      assert.deepEqual(
        [replaced.body.channel, replaced.body.callSign, replaced.body.length],
        [null, null, null]
      )
      const removed = await admin.api('DELETE', `/boats/${id}`)
      assert.equal(removed.body.name, 'Beagle II')
      assert.equal((await admin.api('GET', `/boats/${id}`)).status, 404)
    })

    it('gives owners their own records, and nobody else hears of them', async () => {
      const [ann, bob] = [await platform.client(), await platform.client()]
      const [hers, his] = [await ann.socket(), await bob.socket()]
      const heard: string[] = []
      his.onAny((event: string) => heard.push(event))
      const event = nextEvent(hers, 'boats created')
      const created = await ann.api('POST', '/boats', { name: 'Ann’s', ownerId: bob.id })
      assert.equal(created.body.ownerId, ann.id, 'a scoped create is one’s own')
      assert.equal((await event).id, created.body.id)
      assert.equal((await bob.api('GET', `/boats/${created.body.id}`)).status, 404)
      assert.equal((await bob.api('PATCH', `/boats/${created.body.id}`, { name: 'Bob’s' })).status, 404)
      assert.equal((await bob.api('POST', `/boats/${created.body.id}/moor`, { berth: 1 })).status, 404)
      assert.equal((await ann.api('DELETE', `/boats/${created.body.id}`)).status, 403)
      assert.deepEqual((await bob.api('GET', '/boats')).body, [])
      assert.deepEqual(
        (await ann.api('GET', '/boats')).body.map(({ id }: any) => id),
        [created.body.id]
      )

      // Handed over, it leaves the one and comes to the other.
      const admin = await platform.admin()
      const gone = nextEvent(hers, 'boats removed')
      const come = nextEvent(his, 'boats patched')
      await admin.api('PATCH', `/boats/${created.body.id}`, { ownerId: bob.id })
      assert.deepEqual(await gone, { id: created.body.id })
      assert.equal((await come).ownerId, bob.id)
      assert.deepEqual(
        heard.filter((one) => one.includes('created')),
        []
      )
    })

    it('has settings that an administrator changes, checked against their schema', async () => {
      const admin = await platform.admin()
      assert.equal((await admin.api('GET', '/settings')).body['harbour.flag'], 'blue')
      assert.equal(
        (await admin.api('PATCH', '/settings', { 'harbour.flag': 'much too long a flag' })).status,
        400
      )
      assert.equal((await admin.api('PATCH', '/settings', { 'harbour.nope': 1 })).status, 400)
      assert.equal(
        (await admin.api('PATCH', '/settings', { 'harbour.flag': 'red' })).body['harbour.flag'],
        'red'
      )
      assert.equal((await (await platform.client('operator')).api('GET', '/settings')).status, 403)
    })

    it('is called in code with types, and may act as somebody', async () => {
      const viewer = await platform.client('viewer')
      const service = platform.service(boats)
      const { id } = await service.create({ name: 'Cutty Sark' })
      assert.equal(await service.count({ name: 'Cutty Sark' }), 1)
      const caller = { kind: 'user', actor: viewer.id, userId: viewer.id, roles: ['viewer'] } as const
      await assert.rejects(platform.service(boats, { as: caller }).get(id), (error) =>
        isPlatformError(error, 'notFound')
      )
    })
  })
}

describe('Plugins that do not fit together', () => {
  const clash = augmentResource({
    resource: boats,
    fields: { name: Type.Optional(Type.String()) },
    table: 'clash'
  })
  const cases: [RegExp, any][] = [
    [
      /@test\/clash both claim name of boats|@test\/harbour and @test\/clash both claim name/,
      { augmentations: [clash] }
    ],
    [
      /@test\/clash declares the command wave but gives it no handler/,
      {
        commands: [
          {
            $type: 'signalbox/command@1',
            name: 'wave',
            description: '',
            reply: 'waved',
            input: Type.Any(),
            output: Type.Any()
          }
        ]
      }
    ],
    [/boats is claimed by both @test\/harbour and @test\/clash/, { resources: [boats] }]
  ]
  for (const [message, more] of cases) {
    it(`stop the start with a sentence: ${message.source.slice(0, 60)}`, async () => {
      const clashing = definePlugin({ name: '@test/clash', version: '1.0.0', platform: '^1.0.0', ...more })
      await assert.rejects(startTestPlatform({ plugins: [harbour(), clashing() as never] }), message)
    })
  }
})
