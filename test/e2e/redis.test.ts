import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { ConfigInput } from '@signalbox/core'
import { call } from '../contract/support.ts'
import { startFreezableProxy } from '../support/freezableProxy.ts'
import { nextEvent } from '../support/nextEvent.ts'
import { createDatabaseOrSkip, type TestDatabase } from '../support/postgres.ts'
import { redisOrSkip, type TestRedis } from '../support/redis.ts'
import type { TestClient, TestPlatform } from '../support/startTestPlatform.ts'
import { until } from '../support/until.ts'
import {
  blink,
  lamps,
  listenAt,
  measure,
  settled,
  startLampNode,
  whoHeard,
  type LampNode
} from './lampNodes.ts'

interface Person {
  readonly id: string
  readonly token: string
}

const password = 'correct horse battery'
const heardSeries = 'signalbox_redis_events_total{way="heard"}'

describe('Named events of nodes that share a Redis', function () {
  this.timeout(60_000)
  let database: TestDatabase
  let redis: TestRedis
  let one: LampNode
  let two: LampNode
  let admin: TestClient
  let people = 0

  before(async function () {
    database = await createDatabaseOrSkip(this)
    redis = await redisOrSkip(this)
    ;[one, two] = await Promise.all([start(), start()])
    admin = await one.admin()
    for (const [id, parentId] of [
      ['city', null],
      ['north', 'city'],
      ['south', 'city']
    ] as const)
      await one.context.scopes.put({ id, parentId, kind: 'site' })
  })

  after(async () => {
    await Promise.all([one?.stop(), two?.stop()])
    await redis?.stop()
    await database?.drop()
  })

  const start = (config: Omit<ConfigInput, 'plugins'> = {}): Promise<LampNode> =>
    startLampNode({ databaseUrl: database.url, redis: { url: redis.url }, ...config })

  async function statusOf(node: TestPlatform, { token } = admin): Promise<any> {
    return (await node.api('GET', '/status', undefined, { authorization: `Bearer ${token}` })).body
  }

  /** Somebody new with this role, or with none. */
  async function person(role?: string): Promise<Person> {
    const email = `person-${++people}@example.org`
    const user = { email, password, ...(role !== undefined && { role }) }
    const { status, body } = await admin.api('POST', '/users', user)
    assert.equal(status, 201, JSON.stringify(body))
    const signedIn = await one.api('POST', '/auth/login', { email, password })
    return { id: body.id, token: signedIn.body.accessToken }
  }

  async function granted(person: Person, scope: string, effect?: 'deny'): Promise<string> {
    const grant = { subjectType: 'user', subjectId: person.id, permission: 'lamps:read', scope }
    const { status, body } = await admin.api('POST', '/grants', { ...grant, ...(effect && { effect }) })
    assert.equal(status, 201, JSON.stringify(body))
    return body.id
  }

  async function lamp(siteId?: string): Promise<{ readonly id: string }> {
    return one.context.service(lamps).create({ name: 'Lamp', ...(siteId !== undefined && { siteId }) })
  }

  it('are heard on each by those who may read what they are about, and by nobody else', async () => {
    const everywhere = await person('operator')
    const [within, beside, denied, nobody] = [await person(), await person(), await person(), await person()]
    await granted(within, 'city')
    await granted(beside, 'south')
    await granted(denied, 'any')
    await granted(denied, 'north', 'deny')
    for (const node of [one, two]) {
      const witness = await listenAt(node, admin)
      const listeners = {
        everywhere: await listenAt(node, everywhere),
        within: await listenAt(node, within),
        beside: await listenAt(node, beside),
        denied: await listenAt(node, denied),
        nobody: await listenAt(node, nobody)
      }
      const all = Object.values(listeners)
      const ofNorth = await blink(one, { witness, listeners: all, about: await lamp('north') })
      assert.deepEqual(whoHeard(listeners, ofNorth), ['everywhere', 'within'])
      const ofSouth = await blink(one, { witness, listeners: all, about: await lamp('south') })
      assert.deepEqual(whoHeard(listeners, ofSouth), ['everywhere', 'within', 'beside', 'denied'])
      const ofNone = await blink(one, { witness, listeners: all })
      assert.deepEqual(whoHeard(listeners, ofNone), ['everywhere', 'denied'])
      for (const { socket } of [witness, ...all]) socket.disconnect()
    }
  })

  it('are heard in a room by those who entered it on either node', async () => {
    const { id } = await lamp()
    const operator = await person('operator')
    const witness = await listenAt(two, admin)
    const listeners = {
      'in at one': await listenAt(one, operator),
      'in at two': await listenAt(two, operator),
      'out at one': await listenAt(one, operator),
      'out at two': await listenAt(two, operator)
    }
    for (const name of ['in at one', 'in at two'] as const)
      assert.equal((await call(listeners[name].socket, 'follow:lamp', id)).result.room, `lamp:${id}`)
    for (const node of [one, two]) {
      const said = await blink(node, {
        witness: node === one ? witness : await listenAt(one, admin),
        listeners: Object.values(listeners),
        room: `lamp:${id}`
      })
      assert.deepEqual(whoHeard(listeners, said), ['in at one', 'in at two'])
    }
  })

  it('are not heard any more by those from whom the right was taken, on whichever node', async () => {
    const witness = await listenAt(two, admin)
    const { id } = await lamp('north')
    for (const node of [one, two]) {
      const [demoted, ungranted] = [await person('operator'), await person()]
      const grant = await granted(ungranted, 'city')
      const listeners = {
        demoted: await listenAt(two, demoted),
        ungranted: await listenAt(two, ungranted)
      }
      const all = Object.values(listeners)
      for (const { socket } of all) await call(socket, 'follow:lamp', id)
      const before = await blink(one, { witness, listeners: all, about: await lamp('north') })
      assert.deepEqual(whoHeard(listeners, before), ['demoted', 'ungranted'])
      const resets = all.map(({ socket }) => nextEvent(socket, 'reset'))
      const authorization = `Bearer ${admin.token}`
      const taken = await Promise.all([
        node.api('PATCH', `/users/${demoted.id}`, { role: 'viewer' }, { authorization }),
        node.api('DELETE', `/grants/${grant}`, undefined, { authorization })
      ])
      assert.deepEqual(
        taken.map(({ status }) => status),
        [200, 200]
      )
      await Promise.all(resets)
      const about = await blink(one, { witness, listeners: all, about: await lamp('north') })
      const inRoom = await blink(one, { witness, listeners: all, room: `lamp:${id}` })
      assert.deepEqual([...whoHeard(listeners, about), ...whoHeard(listeners, inRoom)], [])
    }
  })

  it('are not told by a node that does not hear the others, where a session may have ended', async () => {
    const proxy = await startFreezableProxy(database.url)
    const far = await start({ databaseUrl: proxy.url })
    try {
      const [operator, leaving] = [await person('operator'), await person('operator')]
      const near = await listenAt(one, admin)
      const listeners = { operator: await listenAt(far, operator), leaving: await listenAt(far, leaving) }
      const all = Object.values(listeners)
      const first = await blink(one, { witness: listeners.operator, listeners: all })
      assert.deepEqual(whoHeard(listeners, first), ['operator', 'leaving'])
      proxy.freeze((application) => application === 'signalbox line')
      const silence = async (): Promise<boolean> => {
        const heard = (await measure(far, heardSeries))!
        const said = await blink(one, { witness: near })
        await until('the message there', async () => (await measure(far, heardSeries))! >= heard + 2)
        await Promise.all(all.map(settled))
        return whoHeard(listeners, said).length === 0
      }
      await until('silence', silence)
      const before = listeners.leaving.heard()
      const authorization = `Bearer ${leaving.token}`
      assert.equal((await one.api('POST', '/auth/logout', undefined, { authorization })).status, 200)
      assert.ok(await silence())
      const cut = once(listeners.leaving.socket as never, 'disconnect')
      proxy.thaw()
      const told = listeners.operator.heard().length
      await until('the events again', async () => {
        await blink(one, { witness: near })
        return listeners.operator.heard().length > told
      })
      await cut
      assert.deepEqual(listeners.leaving.heard(), before)
    } finally {
      proxy.thaw()
      await far.stop()
      await proxy.stop()
    }
  })

  it('are not heard in another deployment that shares the Redis, and was copied from this', async function () {
    const copied = await createDatabaseOrSkip(this)
    const other = await start({ databaseUrl: copied.url })
    try {
      const otherAdmin = await other.admin()
      const before = (await statusOf(other, otherAdmin)).redis.heard
      const stranger = await listenAt(other, otherAdmin)
      const witness = await listenAt(two, admin)
      const said = await blink(one, { witness })
      other.context.emit(lamps, 'blinked', { n: -1 })
      await until('its own', () => stranger.heard().length > 0)
      assert.deepEqual(stranger.heard(), ['blinked -1'])
      assert.ok(witness.heard().includes(said) && !witness.heard().includes('blinked -1'))
      assert.equal((await statusOf(other, otherAdmin)).redis.heard, before)
    } finally {
      await other.stop()
      await copied.drop()
    }
  })

  it('are heard until their node has stopped, and nothing else on another node ends with it', async () => {
    const third = await start()
    const own = await listenAt(third, admin)
    const elsewhere = await listenAt(two, admin)
    const farewell = nextEvent(elsewhere.socket, 'dimmed', { matches: ({ n }) => n === 0 })
    const cut = once(own.socket as never, 'disconnect')
    await third.stop()
    await Promise.all([cut, farewell])
    const said = await blink(one, { witness: elsewhere })
    assert.ok(elsewhere.heard().includes(said))
    assert.ok(elsewhere.socket.connected)
  })

  it('are counted in the status and the metrics, which tell of the sockets of their own node alone', async () => {
    const socketsAt = (): Promise<unknown[]> =>
      Promise.all([one, two].map((node) => measure(node, 'signalbox_sockets')))
    const roomsAt = (): Promise<unknown[]> =>
      Promise.all([one, two].map((node) => measure(node, 'signalbox_rooms')))
    const witness = await listenAt(two, admin)
    const [sockets, rooms] = [await socketsAt(), await roomsAt()]
    for (const _ of [1, 2, 3]) await listenAt(two, admin)
    assert.deepEqual(await socketsAt(), [sockets[0], (sockets[1] as number) + 3])
    assert.deepEqual(await roomsAt(), rooms)
    const [sender, reader] = [(await statusOf(one)).redis, (await statusOf(two)).redis]
    for (const _ of [1, 2, 3, 4, 5]) await blink(one, { witness })
    assert.deepEqual((await statusOf(two)).redis, { ...reader, state: 'up', heard: reader.heard + 10 })
    await until('the answers', async () => (await statusOf(one)).redis.sent === sender.sent + 10)
    assert.equal(await measure(two, 'signalbox_redis_up'), 1)
    assert.equal(await measure(two, heardSeries), reader.heard + 10)
    assert.equal(await measure(one, 'signalbox_redis_events_total{way="sent"}'), sender.sent + 10)
    assert.equal(await measure(one, 'signalbox_redis_events_total{way="skipped"}'), 0)
  })
})
