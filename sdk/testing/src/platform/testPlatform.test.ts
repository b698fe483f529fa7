import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { access } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import {
  definePlugin,
  defineResource,
  isPlatformError,
  PlatformError,
  recordColumns,
  type Context
} from '@signalbox/plugin'
import { Type } from 'typebox'
import { testPlatform, type TestPlatform } from './testPlatform.ts'

const buoys = defineResource({
  path: 'buoys',
  singular: 'buoy',
  description: 'Buoys',
  table: 'sea_buoys',
  schema: Type.Object({
    name: Type.String({ minLength: 1 }),
    depth: Type.Optional(Type.Number()),
    areaId: Type.Optional(Type.String()),
    code: Type.Optional(Type.String())
  }),
  secrets: ['code'],
  scopes: { node: 'areaId' },
  scoped: true,
  methods: {
    lightUp: {
      description: 'Lights it',
      on: 'record',
      input: Type.Object({ seconds: Type.Integer({ minimum: 1 }) }),
      output: Type.Object({ until: Type.String() })
    },
    deepest: {
      description: 'The deepest of those with such a name',
      on: 'collection',
      http: 'GET',
      input: Type.Object({ name: Type.Optional(Type.String()) }),
      output: Type.Object({ depth: Type.Number() })
    }
  },
  events: { lit: Type.Object({ id: Type.String() }) },
  grants: { operator: ['read', 'lightUp'], viewer: ['read'] }
})

let running: Context

const sea = definePlugin({
  name: '@test/sea',
  version: '1.0.0',
  platform: '^1.0.0',
  resources: [buoys],
  migrations: [
    {
      name: '001-buoys',
      async up(knex) {
        await knex.raw(
          `create table sea_buoys (${recordColumns}, name text not null, depth double precision, area_id text, code text)`
        )
      }
    }
  ],
  register(ctx) {
    ctx.handle(buoys, {
      lightUp: async ({ id, data: { seconds } }) => {
        ctx.running.emit(buoys, 'lit', { id }, { about: await ctx.running.service(buoys).get(id) })
        return { until: new Date(ctx.running.clock.now().getTime() + seconds * 1000).toISOString() }
      },
      deepest: async ({ data }) => {
        const [found] = await ctx.running.service(buoys).find({ ...data, $sort: { depth: -1 }, $limit: 1 })
        if (!found) throw new PlatformError('notFound', 'There is no such buoy.')
        return { depth: found.depth ?? 0 }
      }
    })
  },
  async start(ctx) {
    running = ctx as Context
    await ctx.task({
      name: 'sound',
      every: 60_000,
      run: async () => {
        for (const { id, depth } of await ctx.service(buoys).find({ depth: { $gt: 0 } })) {
          await ctx.service(buoys).patch(id, { depth: (depth ?? 0) - 1 })
        }
      }
    })
  }
})

const root = fileURLToPath(new URL('../../../../', import.meta.url))

describe('A test platform', function () {
  this.timeout(60_000)
  let platform: TestPlatform

  before(async () => {
    platform = await testPlatform({ plugins: [sea()], now: new Date('2026-01-01T00:00:00.000Z') })
  })

  beforeEach(() => platform.events.clear())

  after(() => platform.stop())

  it('calls a resource as somebody, typed by its value', async () => {
    const service = (await platform.admin()).service(buoys)
    const made = await service.create({ name: 'North', depth: 5, code: 's3cret' })
    assert.ok(!('code' in made))
    // @ts-expect-error a secret is in no record
    void made.code
    // @ts-expect-error a name is a text
    await assert.rejects(service.create({ name: 1 }), (error) => isPlatformError(error, 'invalid'))
    assert.equal((await service.get(made.id)).name, 'North')
    assert.equal((await service.patch(made.id, { depth: 7 })).depth, 7)
    assert.equal((await service.update(made.id, { name: 'Nord' })).depth, null)
    assert.equal(await service.count({ name: { $in: ['Nord', 'Süd'] } }), 1)
    assert.equal((await service.remove(made.id)).id, made.id)
    await assert.rejects(service.get(made.id), (error) => isPlatformError(error, 'notFound'))
  })

  it('calls methods on a record and on the collection, as a body or as a query', async () => {
    const service = (await platform.admin()).service(buoys)
    const { id } = await service.create({ name: 'West & East', depth: 3 })
    assert.equal((await service.lightUp(id, { seconds: 30 })).until, '2026-01-01T00:00:30.000Z')
    assert.deepEqual(await service.deepest({ name: 'West & East' }), { depth: 3 })
    await assert.rejects(
      service.lightUp(id, { seconds: 0 }),
      (error) => isPlatformError(error, 'invalid') && error.errors?.[0]?.field === 'seconds'
    )
    await service.remove(id)
  })

  it('finds all records, however many parts the list comes in', async () => {
    const own = platform.service(buoys)
    const ids = await running.unitOfWork(async () => {
      const made: string[] = []
      for (let n = 0; n < 1001; n++) made.push((await own.create({ name: `many ${n}` })).id)
      return made
    })
    const service = (await platform.admin()).service(buoys)
    assert.equal((await service.find({ $sort: { name: -1 } })).length, 1001)
    assert.equal((await service.find({ $limit: 2, $select: ['name'] })).length, 2)
    await running.unitOfWork(async () => {
      for (const id of ids) await own.remove(id)
    })
  })

  it('makes people with a role, with rights of their own, or with none', async () => {
    const { id } = await platform.service(buoys).create({ name: 'Right' })
    const may = async (rights: Parameters<TestPlatform['client']>[0]): Promise<number[]> => {
      const { api } = await platform.client(rights)
      const answers = [
        await api('GET', `/buoys/${id}`),
        await api('POST', `/buoys/${id}/light-up`, { seconds: 1 })
      ]
      return answers.map(({ status }) => status)
    }
    assert.deepEqual(await may(undefined), [403, 403])
    assert.deepEqual(await may('viewer'), [200, 403])
    assert.deepEqual(await may({ permissions: ['buoys:read', 'buoys:lightUp'] }), [200, 200])
    assert.deepEqual(await may({ role: 'operator', denied: ['buoys:lightUp'] }), [200, 403])
    await assert.rejects(platform.client({ permissions: ['buoys:sink'] }), /grants of .*buoys:sink.*400/)
  })

  it('gives rights in a node of the scope tree', async () => {
    await platform.scopes.put({ id: 'bay', kind: 'area' })
    const service = platform.service(buoys)
    const inside = await service.create({ name: 'Inside', areaId: 'bay' })
    const outside = await service.create({ name: 'Outside' })
    const warden = await platform.client({ permissions: ['buoys:read'], scope: 'bay' })
    const seen = await warden.service(buoys).find()
    assert.deepEqual(
      seen.map(({ id }) => id),
      [inside.id]
    )
    await assert.rejects(warden.service(buoys).get(outside.id), (error) => isPlatformError(error, 'notFound'))
  })

  it('collects events, each given out once, whether they came before or after they are asked for', async () => {
    const service = platform.service(buoys)
    const later = platform.events.next('buoy-changed', { matches: ({ record }) => record.name === 'Two' })
    await service.create({ name: 'One' })
    await service.create({ name: 'Two' })
    await service.create({ name: 'Three' })
    assert.equal((await later).record.name, 'Two')
    assert.equal((await platform.events.next('buoy-changed')).record.name, 'One')
    assert.equal((await platform.events.next('buoy-changed')).record.name, 'Three')
    assert.deepEqual(
      platform.events.of('buoys created').map(({ name }) => name),
      ['One', 'Two', 'Three']
    )
    await assert.rejects(
      platform.events.next('lit', { timeoutMs: 1 }),
      /no lit within 1 ms; heard so far: buoy-changed, buoys created/
    )
  })

  it('says when all has been heard, so that what did not come can be asserted', async () => {
    const stranger = await platform.client()
    await stranger.socket()
    const { id } = await platform.service(buoys).create({ name: 'Quiet' })
    await (await platform.client('operator')).service(buoys).lightUp(id, { seconds: 1 })
    await platform.settled()
    assert.deepEqual(platform.events.of('lit'), [{ id }])
    const ofBuoys = stranger.events.heard.filter(({ name }) => /^buoy|^lit$/.test(name))
    assert.deepEqual(ofBuoys, [])
  })

  it('hears through a service, once the person has a socket', async () => {
    const viewer = await platform.client('viewer')
    assert.throws(
      () => viewer.service(buoys).on('created', () => {}),
      /connect first, with person\.socket\(\)/
    )
    await viewer.socket()
    const heard: string[] = []
    const stop = viewer.service(buoys).on('created', ({ name }) => heard.push(name))
    await platform.service(buoys).create({ name: 'Heard' })
    await platform.settled()
    stop()
    await platform.service(buoys).create({ name: 'Unheard' })
    await platform.settled()
    assert.deepEqual(heard, ['Heard'])
  })

  it('runs tasks when its clock is moved, and not before', async () => {
    const service = platform.service(buoys)
    const { id } = await service.create({ name: 'Sinking', depth: 3 })
    await platform.clock.advance(59_999)
    assert.equal((await service.get(id)).depth, 3)
    await platform.clock.advance(120_001)
    assert.equal((await service.get(id)).depth, 0)
    const { body } = await (await platform.admin()).api('GET', '/status')
    const { lastRunAt } = body.tasks.tasks.find(({ name }: { name: string }) => name === 'sea.sound')
    assert.equal(lastRunAt, '2026-01-01T00:03:00.000Z')
  })

  it('keeps its records where it is given a data directory', async () => {
    const config = { dataDirectory: join(platform.dataDirectory, 'kept') }
    const first = await testPlatform({ plugins: [sea()], config })
    const { id } = await first.service(buoys).create({ name: 'Kept' })
    await first.stop()
    await using second = await testPlatform({ plugins: [sea()], config })
    assert.equal((await second.service(buoys).get(id)).name, 'Kept')
  })

  it('is gone, with its files, at the end of the block that uses it', async () => {
    let url: string
    let dataDirectory: string
    {
      await using short = await testPlatform()
      ;({ url, dataDirectory } = short)
      await access(dataDirectory)
    }
    await assert.rejects(fetch(url))
    await assert.rejects(access(dataDirectory), { code: 'ENOENT' })
  })
})

describe('A test platform that nobody stops', function () {
  this.timeout(90_000)

  const run = (args: readonly string[], env: NodeJS.ProcessEnv = {}) => {
    const { NODE_TEST_CONTEXT: _, ...clean } = process.env
    const options = { cwd: root, env: { ...clean, ...env }, timeout: 80_000 }
    return promisify(execFile)(process.execPath, [...args], options)
  }
  const fixture = (name: string): string =>
    fileURLToPath(new URL(`../../../../test/support/leftovers/${name}`, import.meta.url))

  it('is stopped by itself under mocha: that of a test after the test, that of a suite at the end', async () => {
    const mocha = join(root, 'node_modules/mocha/bin/mocha.js')
    const options = '--no-config --node-option import=tsx --node-option conditions=source --timeout 60000'
    const { stdout } = await run([mocha, ...options.split(' '), fixture('mocha.ts')])
    assert.match(stdout, /3 passing/)
  })

  it('is stopped by itself under node --test', async () => {
    const { stdout } = await run(['--import=tsx', '--conditions=source', '--test', fixture('node.ts')])
    assert.match(stdout, /# pass 1/)
  })
})
