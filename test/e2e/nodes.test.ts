import assert from 'node:assert/strict'
import { once } from 'node:events'
import { definePlugin, defineResource, type Context, type FeedChange, type Lease } from '@signalbox/plugin'
import type { Socket } from 'socket.io-client'
import { Type } from 'typebox'
import { nextEvent } from '../support/nextEvent.ts'
import { createDatabaseOrSkip, type TestDatabase } from '../support/postgres.ts'
import { startTestPlatform, type TestClient, type TestPlatform } from '../support/startTestPlatform.ts'
import { until } from '../support/until.ts'

const boards = defineResource({
  path: 'boards',
  singular: 'board',
  description: 'Boards',
  table: 'signs_boards',
  schema: Type.Object({ text: Type.String() }),
  grants: { operator: ['read'] }
})

/** What one node's plugin was made to do. */
interface Deeds {
  readonly context: Context
  readonly consumed: FeedChange[]
  ticks: number
  lease: Lease
}

/** Counts what it does on its node. */
function signs(made: (deeds: Deeds) => void, fail: (change: FeedChange) => boolean) {
  return definePlugin({
    name: '@signalbox/signs',
    version: '1.0.0',
    platform: '^1.0.0',
    resources: [boards],
    settings: { colour: { description: 'Of the signs', schema: Type.String({ default: 'white' }) } },
    migrations: [
      {
        name: '001-boards',
        async up(knex) {
          await knex.raw(`create table signs_boards (id text primary key, version integer not null default 1,
            created_at timestamptz not null default now(), updated_at timestamptz not null default now(),
            text text not null)`)
        }
      }
    ],
    async start(ctx) {
      const lease = await ctx.lease('lamp', async ({ signal }) => void (await once(signal, 'abort')))
      const deeds: Deeds = { context: ctx as Context, consumed: [], ticks: 0, lease }
      made(deeds)
      await ctx.consume('audit', async (change) => {
        if (change.resource !== 'boards') return
        if (fail(change)) throw new Error('the audit is full')
        deeds.consumed.push(change)
      })
      await ctx.task({ name: 'tick', every: 1000, run: async () => void deeds.ticks++ })
    }
  })()
}

describe('Two nodes on one Postgres', function () {
  this.timeout(60_000)
  let database: TestDatabase
  let nodes: TestPlatform[]
  let deeds: Deeds[]
  let failures: number
  let admin: TestClient

  before(async function () {
    database = await createDatabaseOrSkip(this)
    deeds = []
    failures = 0
    // Each node's deeds stand at its own place, whichever is first to start.
    const start = (place: number): Promise<TestPlatform> =>
      startTestPlatform({
        databaseUrl: database.url,
        secret: 'one for all nodes of this deployment',
        plugins: [
          signs(
            (one) => (deeds[place] = one),
            ({ record }) => record['text'] === 'stubborn' && failures++ < 2
          )
        ]
      })
    nodes = await Promise.all([start(0), start(1)])
    admin = await nodes[0]!.admin()
  })

  after(async () => {
    await Promise.all((nodes ?? []).map((node) => node.stop()))
    await database?.drop()
  })

  /** The same person's socket at the other node. */
  const socketAt = async (node: TestPlatform, { token }: TestClient): Promise<Socket> => {
    const socket = node.unconnected({ token })
    socket.connect()
    await once(socket as never, 'connect')
    return socket
  }

  const callAt = async (node: TestPlatform, { token }: TestClient, path: string): Promise<number> =>
    (await node.api('GET', path, undefined, { authorization: `Bearer ${token}` })).status

  /** Milliseconds until a condition holds, which must be less than a second. */
  const within = async (what: string, ask: Parameters<typeof until>[1]): Promise<void> => {
    const from = Date.now()
    await until(what, ask, { everyMs: 5 })
    const took = Date.now() - from
    console.log(`      ${what}: ${took} ms`)
    assert.ok(took < 1000, `${what}: ${took} ms`)
  }

  it('start together on an empty database, and answer for each other', async () => {
    const { body } = await admin.api('POST', '/boards', { text: 'first' })
    const read = await nodes[1]!.api('GET', `/boards/${body.id}`, undefined, {
      authorization: `Bearer ${admin.token}`
    })
    assert.deepEqual([read.status, read.body.text], [200, 'first'])
    assert.notEqual(deeds[0]?.context.instance, deeds[1]?.context.instance)
  })

  it('tell every change to the sockets of both, in order', async () => {
    const sockets = await Promise.all(nodes.map((node) => socketAt(node, admin)))
    const heard = sockets.map((socket) => {
      const seqs: number[] = []
      socket.on('board-changed', ({ seq }: { seq: number }) => seqs.push(seq))
      return seqs
    })
    const create = (n: number) => deeds[n % 2]!.context.service(boards).create({ text: `number ${n}` })
    await Promise.all(Array.from({ length: 200 }, (_, n) => create(n)))
    await until('all changes at both', () => heard.every(({ length }) => length >= 200))
    const [one, other] = heard
    assert.deepEqual(one, other)
    assert.deepEqual(
      one,
      one?.map((_, index) => one[0]! + index)
    )
    sockets.forEach((socket) => socket.disconnect())
  })

  it('read a setting that one of them changed', async () => {
    assert.equal(deeds[1]?.context.setting('colour'), 'white')
    await admin.api('PATCH', '/settings', { 'signs.colour': 'blue' })
    await within('the setting', () => deeds[1]?.context.setting('colour') === 'blue')
  })

  it('let a right go that one of them took away, requests and sockets alike', async () => {
    const operator = await nodes[0]!.client('operator')
    const socket = await socketAt(nodes[1]!, operator)
    const full = nextEvent(socket, 'board-changed', { matches: ({ action }) => action === 'created' })
    await admin.api('POST', '/boards', { text: 'seen' })
    await full
    assert.equal(await callAt(nodes[1]!, operator, '/boards'), 200)
    await admin.api('PATCH', `/users/${operator.id}`, { role: 'viewer' })
    await within('the role', async () => (await callAt(nodes[1]!, operator, '/boards')) === 403)
    const next = nextEvent(socket, 'board-changed')
    const { body } = await admin.api('POST', '/boards', { text: 'not seen' })
    assert.deepEqual(await next, { id: body.id })
    socket.disconnect()
  })

  it('let a session go that ended on one of them, requests and sockets alike', async () => {
    const viewer = await nodes[0]!.client('viewer')
    const socket = await socketAt(nodes[1]!, viewer)
    assert.equal(await callAt(nodes[1]!, viewer, '/auth/me'), 200)
    const cut = once(socket as never, 'disconnect')
    assert.equal((await viewer.api('POST', '/auth/logout')).status, 200)
    await within('the session', async () => (await callAt(nodes[1]!, viewer, '/auth/me')) === 401)
    await cut
  })

  it('hold a lease once, and hand it on when its node stops the plugin', async () => {
    assert.equal(deeds.filter(({ lease }) => lease.held).length, 1)
    const holder = deeds.findIndex(({ lease }) => lease.held)
    await deeds[holder]?.lease.release()
    await within('the lease', () => deeds[1 - holder]?.lease.held)
  })

  it('hand each change to a consumer on one of them, in order, and again where it failed', async () => {
    const seen = (): FeedChange[] => deeds.flatMap(({ consumed }) => consumed)
    const texts = ['a', 'stubborn', 'b']
    const from = seen().length
    for (const [index, text] of texts.entries())
      await deeds[index % 2]!.context.service(boards).create({ text })
    await until('the last', () => seen().at(-1)?.record['text'] === 'b')
    assert.deepEqual(
      seen()
        .slice(from)
        .map(({ record }) => record['text']),
      texts
    )
    assert.equal(failures, 3)
    assert.equal(deeds.filter(({ consumed }) => consumed.length).length, 1)
    await until('a lag of none', async () => {
      const { body } = await admin.api('GET', '/status')
      const [audit] = body.consumers
      return audit.name === 'signs.audit' && audit.lag === 0
    })
  })

  it('run a task once for both', async () => {
    const from = Date.now()
    const before = deeds[0]!.ticks + deeds[1]!.ticks
    await until('three runs', () => deeds[0]!.ticks + deeds[1]!.ticks >= before + 3)
    assert.ok(Date.now() - from > 1900, 'two at once would need half the time')
  })

  it('hand over what a consumer has not taken when its node stops', async () => {
    const holder = deeds.findIndex(({ consumed }) => consumed.length)
    const [stopping] = nodes.splice(holder, 1)
    await stopping!.stop()
    const heir = deeds[1 - holder]!
    await heir.context.service(boards).create({ text: 'last' })
    await until('the change', () => heir.consumed.at(-1)?.record['text'] === 'last')
    const seqs = deeds.flatMap(({ consumed }) => consumed.map(({ seq }) => seq))
    assert.equal(new Set(seqs).size, seqs.length, 'an orderly stop hands nothing over twice')
  })
})
