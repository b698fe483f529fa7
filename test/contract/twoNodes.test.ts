import assert from 'node:assert/strict'
import type { Context } from '@signalbox/plugin'
import { Client } from 'pg'
import { nextEvent } from '../support/nextEvent.ts'
import { createDatabaseOrSkip, type TestDatabase } from '../support/postgres.ts'
import { startTestPlatform, type Answer, type TestPlatform } from '../support/startTestPlatform.ts'
import { until } from '../support/until.ts'
import { estate } from './estate.ts'
import { notebook, notes } from './notebook.ts'
import { connected, cut, listen, password } from './support.ts'

// What two nodes are asked at the same time, or one after the other. The suites of `onEachDatabase` show that what is
// done at one is seen at the other.
describe('Two nodes of one Postgres, for those who ask both', function () {
  this.timeout(60_000)
  let database: TestDatabase
  let nodes: [TestPlatform, TestPlatform]
  let contexts: [Context, Context]
  let authorization: string

  before(async function () {
    database = await createDatabaseOrSkip(this)
    const start = async (): Promise<[TestPlatform, Context]> => {
      const plugins = [estate.plugin(), notebook()]
      const secret = 'one for all nodes of this deployment'
      return [await startTestPlatform({ databaseUrl: database.url, secret, plugins }), estate.running]
    }
    const [one, other] = [await start(), await start()]
    nodes = [one[0], other[0]]
    contexts = [one[1], other[1]]
    authorization = `Bearer ${(await one[0].admin()).token}`
  })

  after(async () => {
    await Promise.all((nodes ?? []).map((node) => node.stop()))
    await database?.drop()
  })

  const ask = (node: TestPlatform, method: string, path: string, body?: object, headers = {}) =>
    node.api(method, path, body, { authorization, ...headers })
  /** The same of both at once. */
  const askBoth = (method: string, path: string, body?: object, headers = {}): Promise<Answer[]> =>
    Promise.all(nodes.map((node) => ask(node, method, path, body, headers)))
  const statuses = (answers: readonly Answer[]): number[] =>
    answers.map(({ status }) => status).toSorted((one, other) => one - other)
  const logIn = async (email: string) => (await nodes[0].api('POST', '/auth/login', { email, password })).body
  const refresh = (node: TestPlatform, refreshToken: string) =>
    node.api('POST', '/auth/refresh', { refreshToken })

  it('answer an Idempotency-Key alike, asked at once or again', async () => {
    for (let round = 0; round < 10; round++) {
      const note = { text: `once ${round}` }
      const key = { 'idempotency-key': `round ${round}` }
      const answers = [
        ...(await askBoth('POST', '/notes', note, key)),
        ...(await askBoth('POST', '/notes', note, key))
      ]
      assert.deepEqual(statuses(answers), [201, 201, 201, 201])
      assert.equal(new Set(answers.map(({ body }) => body.id)).size, 1)
      assert.equal((await ask(nodes[1], 'GET', `/notes?text=once ${round}`)).body.length, 1)
    }
  })

  it('let one of two win who change the same version of a record', async () => {
    const { body } = await ask(nodes[0], 'POST', '/notes', { text: 'contested' })
    for (let version = 1; version <= 10; version++) {
      const answers = await askBoth('PATCH', `/notes/${body.id}`, { text: `${version}`, version })
      assert.deepEqual(statuses(answers), [200, 409])
    }
  })

  it('give a refresh token the same next one in a race, and end the session where it comes again', async () => {
    const { id } = await nodes[0].client('viewer')
    const { body: user } = await ask(nodes[0], 'GET', `/users/${id}`)
    const first = await logIn(user.email)
    const [one, other] = await Promise.all(nodes.map((node) => refresh(node, first.refreshToken)))
    assert.deepEqual([one?.status, other?.status], [200, 200])
    assert.equal(one?.body.refreshToken, other?.body.refreshToken)
    const socket = await connected(nodes[1].unconnected({ token: one?.body.accessToken }))
    const sql = new Client({ connectionString: database.url })
    await sql.connect()
    await sql.query(
      `update core_sessions set rotated_at = now() - interval '11 seconds' where rotated_at is not null`
    )
    await sql.end()
    const gone = cut(socket)
    assert.equal((await refresh(nodes[0], first.refreshToken)).status, 401)
    await gone
    assert.equal((await refresh(nodes[1], one?.body.refreshToken)).status, 401)
  })

  it('keep one of the last two administrators, whoever is asked to lower which', async () => {
    const second = await nodes[1].client('admin')
    const { body: first } = await ask(nodes[0], 'GET', '/auth/me')
    for (let round = 0; round < 5; round++) {
      const lowered = await Promise.all([
        ask(nodes[0], 'PATCH', `/users/${first.id}`, { role: 'viewer' }),
        second.api('PATCH', `/users/${second.id}`, { role: 'viewer' })
      ])
      assert.equal(statuses(lowered)[0], 200)
      assert.ok([403, 409].includes(statuses(lowered)[1] as number), JSON.stringify(lowered))
      const firstStays = lowered[0]?.status !== 200
      const keeper = firstStays ? { api: ask.bind(undefined, nodes[0]) } : second
      const raised = firstStays ? second.id : first.id
      assert.equal((await keeper.api('PATCH', `/users/${raised}`, { role: 'admin' })).status, 200)
      // Each reads its own rights at its own node next time.
      await Promise.all(nodes.map((node) => node.drain()))
    }
  })

  it('let no two moves make a ring of the scope tree', async () => {
    for (const id of ['red', 'blue']) await contexts[0].scopes.put({ id, kind: 'site' })
    for (let round = 0; round < 10; round++) {
      const moves = await Promise.allSettled([
        contexts[0].scopes.move('red', 'blue'),
        contexts[1].scopes.move('blue', 'red')
      ])
      assert.deepEqual(moves.map(({ status }) => status).toSorted(), ['fulfilled', 'rejected'])
      for (const id of ['red', 'blue']) await contexts[1].scopes.move(id, null)
    }
  })

  it('tell a socket that comes back to the other what it missed, in order, and nothing else', async () => {
    const viewer = await nodes[0].client('viewer')
    const node = { id: 'moved-in', kind: 'site' }
    await contexts[0].scopes.put(node)
    const grant = { subjectType: 'user', subjectId: viewer.id, permission: 'lamps:read', scope: node.id }
    assert.equal((await ask(nodes[0], 'POST', '/grants', grant)).status, 201)
    await Promise.all(nodes.map((one) => one.drain()))
    const first = nodes[0].unconnected({ token: viewer.token })
    const greeted = nextEvent(first, 'hello')
    first.connect()
    const leftOff = await greeted
    first.disconnect()

    const made: string[] = []
    for (let n = 0; n < 50; n++) {
      const { body } = await ask(nodes[n % 2] as TestPlatform, 'POST', '/lamps', {
        name: `lamp ${n}`,
        siteId: n % 5 === 4 ? null : node.id
      })
      if (n % 5 !== 4) made.push(body.id)
    }
    const again = nodes[1].unconnected({ token: viewer.token })
    const heard = listen(again)
    again.connect()
    const { epoch } = await nextEvent(again, 'hello')
    assert.equal(epoch, leftOff.epoch)
    again.emit('resume', { since: leftOff.seq, epoch: leftOff.epoch })
    const told = () => heard.filter(({ event, payload }) => event === 'lamp-changed' && payload.record)
    await until('all of them', () => told().length >= made.length)
    assert.deepEqual(
      told().map(({ payload }) => payload.id),
      made
    )
    assert.deepEqual(
      heard.filter(({ event }) => event === 'reset'),
      []
    )
  })

  it('have told all that was committed when they say so, whichever numbers', async () => {
    for (const [index, { service }] of contexts.entries()) {
      const told = new Set<string>()
      const stop = service(notes).on('created', ({ id }) => told.add(id))
      for (let round = 0; round < 20; round++) {
        const { id } = await service(notes).create({ text: `told ${round}` })
        await nodes[index]?.drain()
        assert.ok(told.has(id))
      }
      stop()
    }
  })
})
