import assert from 'node:assert/strict'
import type { Socket } from 'socket.io-client'
import { nextEvent } from '../support/nextEvent.ts'
import { until } from '../support/until.ts'
import { estate } from './estate.ts'
import { assertFailure, call, fails, listen, onEachDatabase, type Person } from './support.ts'

type Heard = ReturnType<typeof listen>

onEachDatabase('Scopes', [estate.plugin], (place) => {
  before(async () => {
    const { scopes } = estate.running
    for (const [id, parentId] of [
      ['city', null],
      ['north', 'city'],
      ['hall', 'north'],
      ['south', 'city'],
      ['far', null]
    ] as const) {
      await scopes.put({ id, parentId, kind: 'site' })
    }
  })

  const made = async (path: string, data: object, by: Pick<Person, 'api'> = place.admin) => {
    const { status, body } = await by.api('POST', path, data)
    assert.equal(status, 201, JSON.stringify(body))
    return body
  }
  const granted = (person: Person, permission: string, scope: string, more: object = {}) =>
    made('/grants', { subjectType: 'user', subjectId: person.id, permission, scope, ...more })
  const lamp = (name: string, siteId: string | null, more: object = {}) =>
    made('/lamps', { name, siteId, ...more })
  const names = async (person: Person): Promise<string[]> => {
    const { status, body } = await person.api('GET', '/lamps')
    assert.equal(status, 200, JSON.stringify(body))
    return body.map(({ name }: { name: string }) => name).toSorted()
  }
  /** Everything that was announced before has arrived when this resolves. */
  const barrier = async (...sockets: Socket[]) => {
    const { id } = await made('/roles', { label: 'Barrier' })
    const arrived = sockets.map((socket) =>
      nextEvent(socket, 'role-changed', { matches: (tick) => tick.id === id && tick.seq === undefined })
    )
    await place.admin.api('PATCH', `/roles/${id}`, { label: 'Passed' })
    await Promise.all(arrived)
  }
  const told = (heard: Heard, id: string): string[] =>
    heard
      .filter(({ event, payload }) => /^(lamp|bulb)-changed$/.test(event) && payload.id === id)
      .map(({ payload }) => payload.action ?? 'tick')

  it('lets a grant in a node hold in all that is below it, and nowhere else', async () => {
    const person = await place.person()
    await fails(person.api('GET', '/lamps'), 403)
    const ids: Record<string, string> = {}
    for (const site of ['city', 'north', 'hall', 'south', 'far', null])
      ids[String(site)] = (await lamp(`below ${site}`, site)).id
    await granted(person, 'lamps:read', 'north')
    await place.soon('the grant', async () => (await person.api('GET', '/lamps')).status === 200)
    const seen = async () => (await names(person)).filter((name) => name.startsWith('below'))
    assert.deepEqual(await seen(), ['below hall', 'below north'])
    await fails(person.api('GET', `/lamps/${ids['south']}`), 404)
    await fails(person.api('PATCH', `/lamps/${ids['hall']}`, { watts: 5 }), 403)
    const deny = await granted(person, 'lamps:read', 'hall', { effect: 'deny' })
    await place.soon('the deny', async () => (await seen()).length === 1)
    assert.deepEqual(await seen(), ['below north'])
    await fails(person.api('GET', `/lamps/${ids['hall']}`), 404)
    await granted(person, 'lamps:read', 'any')
    await place.soon('all but the denied', async () => (await seen()).length === 5)
    assert.equal((await place.admin.api('DELETE', `/grants/${deny.id}`)).status, 200)
    await place.soon('all', async () => (await seen()).length === 6)
  })

  it('checks where a record is made, and refuses to move one out of reach', async () => {
    const person = await place.person()
    for (const permission of ['lamps:read', 'lamps:create', 'lamps:update'])
      await granted(person, permission, 'north')
    await fails(person.api('POST', '/lamps', { name: 'x', siteId: 'south' }), 403)
    await fails(person.api('POST', '/lamps', { name: 'x' }), 403)
    const data = {
      name: 'mine',
      siteId: 'hall',
      watts: 7,
      height: 2.5,
      lit: true,
      tags: ['brass'],
      hungAt: '2026-01-02T03:04:05.006Z'
    }
    const own = await made('/lamps', data, person)
    assert.deepEqual({ ...own, ...data }, own)
    await fails(person.api('PATCH', `/lamps/${own.id}`, { siteId: 'south' }), 403)
    await fails(person.api('PATCH', `/lamps/${own.id}`, { siteId: null }), 403)
    await fails(person.api('PUT', `/lamps/${own.id}`, { name: 'mine' }), 403)
    assert.equal((await person.api('PATCH', `/lamps/${own.id}`, { siteId: 'north' })).status, 200)
    const stale = await person.api('PATCH', `/lamps/${own.id}`, { siteId: 'hall', version: 1 })
    assertFailure(stale.body, 409)
    assert.equal((await place.admin.api('PATCH', `/lamps/${own.id}`, { siteId: 'south' })).status, 200)
    await fails(person.api('PATCH', `/lamps/${own.id}`, { watts: 1 }), 404)
  })

  it('runs what is about no record only for who holds the right beyond single nodes', async () => {
    const person = await place.person()
    const { id } = await lamp('to blink', 'hall')
    await granted(person, 'lamps:blink', 'north')
    await granted(person, 'lamps:darken', 'north')
    assert.equal((await person.api('POST', `/lamps/${id}/blink`)).status, 200)
    await fails(person.api('POST', '/lamps/darken'), 403)
    await granted(person, 'lamps:darken', 'any')
    assert.equal((await person.api('POST', '/lamps/darken')).status, 200)
  })

  it('lets children stand where their parent does', async () => {
    const person = await place.person()
    await granted(person, 'bulbs:read', 'north')
    await granted(person, 'bulbs:create', 'north')
    const [here, there] = [await lamp('here', 'hall'), await lamp('there', 'south')]
    await made('/bulbs', { lampId: there.id })
    await fails(person.api('POST', '/bulbs', { lampId: there.id }), 403)
    const bulb = await made('/bulbs', { lampId: here.id }, person)
    const list = async () => (await person.api('GET', '/bulbs')).body.map(({ id }: { id: string }) => id)
    assert.deepEqual(await list(), [bulb.id])
    await place.admin.api('PATCH', `/lamps/${here.id}`, { siteId: 'far' })
    assert.deepEqual(await list(), [])
  })

  it('tells a record to the rooms of its node and of those above, but not to the denied', async () => {
    const people = await Promise.all([place.person(), place.person(), place.person(), place.person()])
    const [above, within, beside, denied] = people as [Person, Person, Person, Person]
    await granted(above, 'lamps:read', 'city')
    await granted(within, 'lamps:read', 'hall')
    await granted(beside, 'lamps:read', 'south')
    await granted(denied, 'lamps:read', 'any')
    await granted(denied, 'lamps:read', 'north', { effect: 'deny' })
    const sockets = await Promise.all(people.map((person) => person.socket()))
    const heard = sockets.map(listen)
    const { id } = await lamp('told', 'hall')
    await place.admin.api('PATCH', `/lamps/${id}`, { siteId: 'south' })
    await place.admin.api('PATCH', `/lamps/${id}`, { siteId: 'north' })
    await place.admin.api('PATCH', `/lamps/${id}`, { siteId: null })
    await barrier(...sockets)
    assert.deepEqual(
      heard.map((list) => told(list, id)),
      [
        ['created', 'patched', 'patched', 'removed'],
        ['created', 'removed', 'tick', 'tick'],
        ['tick', 'patched', 'removed', 'tick'],
        ['tick', 'patched', 'removed', 'patched']
      ]
    )
  })

  it('tells a named event about a record to those who may read it', async () => {
    const [within, beside] = [await place.person(), await place.person()]
    await granted(within, 'lamps:read', 'north')
    await granted(beside, 'lamps:read', 'south')
    const sockets = await Promise.all([within.socket(), beside.socket()])
    const heard = sockets.map(listen)
    const { id } = await lamp('blinks', 'hall')
    const blinked = nextEvent(sockets[0], 'blinked')
    // It is told on the node on which it happens.
    assert.equal((await call(await place.admin.socket(), 'blink', 'lamps', { id })).error, null)
    assert.deepEqual(await blinked, { name: 'blinks' })
    await barrier(...sockets)
    assert.equal(heard[1]?.filter(({ event }) => event === 'blinked').length, 0)
  })

  it('tells those to read anew whom a move of a node concerns, and hears in the new place from then on', async () => {
    const { scopes } = estate.running
    for (const id of ['east', 'west']) await scopes.put({ id, kind: 'site' })
    await scopes.put({ id: 'wing', parentId: 'east', kind: 'wing' })
    const people = await Promise.all([place.person(), place.person(), place.person(), place.person()])
    const [east, west, wing, city] = people as [Person, Person, Person, Person]
    await granted(east, 'lamps:read', 'east')
    await granted(west, 'lamps:*', 'west')
    await granted(wing, 'lamps:read', 'wing')
    await granted(city, 'lamps:read', 'city')
    const { id } = await lamp('in the wing', 'wing')
    await place.platform.drain()
    const sockets = await Promise.all(people.map((person) => person.socket()))
    const heard = sockets.map(listen)
    const resets = [nextEvent(sockets[0] as Socket, 'reset'), nextEvent(sockets[1] as Socket, 'reset')]
    await scopes.move('wing', 'west')
    for (const { resource, epoch } of await Promise.all(resets))
      assert.deepEqual([resource, typeof epoch], ['lamps', 'string'])
    await place.admin.api('PATCH', `/lamps/${id}`, { watts: 3 })
    await barrier(...sockets)
    assert.deepEqual(
      heard.map((list) => told(list, id)),
      [['tick'], ['patched'], ['patched'], ['tick']]
    )
    assert.deepEqual(
      heard.map((list) => list.filter(({ event }) => event === 'reset').length),
      [1, 1, 0, 0]
    )
    assert.deepEqual(await names(east), [])
    assert.ok((await names(west)).includes('in the wing'))
  })

  it('tells those to read the children anew from whom or to whom they went with their parent', async () => {
    const [north, south, far] = [await place.person(), await place.person(), await place.person()]
    await granted(north, 'bulbs:read', 'north')
    await granted(south, 'bulbs:read', 'south')
    await granted(far, 'bulbs:read', 'far')
    const parent = await lamp('with bulbs', 'hall')
    const bulb = await made('/bulbs', { lampId: parent.id })
    await place.platform.drain()
    const sockets = await Promise.all([north, south, far].map((person) => person.socket()))
    const heard = sockets.map(listen)
    const resets = [nextEvent(sockets[0] as Socket, 'reset'), nextEvent(sockets[1] as Socket, 'reset')]
    await place.admin.api('PATCH', `/lamps/${parent.id}`, { siteId: 'south' })
    for (const { resource } of await Promise.all(resets)) assert.equal(resource, 'bulbs')
    await place.admin.api('PATCH', `/bulbs/${bulb.id}`, { colour: 'red' })
    await barrier(...sockets)
    assert.deepEqual(
      heard.map((list) => told(list, bulb.id)),
      [[], ['patched'], []]
    )
    assert.equal(heard[2]?.filter(({ event }) => event === 'reset').length, 0)
  })

  it('refuses a grant in a scope that is not there, and one that ends before it begins', async () => {
    const person = await place.person()
    const grant = { subjectType: 'user', subjectId: person.id, permission: 'lamps:read' }
    await fails(place.admin.api('POST', '/grants', { ...grant, scope: 'nowhere' }), 400)
    await fails(
      place.admin.api('POST', '/grants', {
        ...grant,
        validFrom: '2030-01-02T00:00:00Z',
        validUntil: '2030-01-01T00:00:00Z'
      }),
      400
    )
  })

  it('lets nobody widen a grant, lift a deny or take over an account by rights in single nodes', async () => {
    const permissions = ['users:*', 'grants:*']
    await made('/roles', { id: 'scoped-clerk', label: 'Clerk', permissions })
    const [clerk, guest] = [await place.person('scoped-clerk'), await place.person()]
    const grant = await granted(guest, 'lamps:read', 'hall')
    const deny = await granted(guest, 'lamps:update', 'any', { effect: 'deny' })
    const own = await granted(clerk, 'lamps:read', 'hall', { effect: 'deny' })
    await granted(clerk, 'lamps:read', 'north')
    await fails(clerk.api('PATCH', `/grants/${grant.id}`, { scope: 'any' }), 403)
    await fails(clerk.api('PATCH', `/grants/${deny.id}`, { effect: 'grant' }), 403)
    await fails(clerk.api('DELETE', `/grants/${deny.id}`), 403)
    await fails(clerk.api('DELETE', `/grants/${own.id}`), 403)
    await fails(clerk.api('PATCH', `/grants/${own.id}`, { scope: 'far' }), 403)
    await granted(clerk, 'users:update', 'far', { effect: 'deny' })
    await fails(clerk.api('PATCH', `/users/${place.admin.id}`, { email: 'taken@example.org' }), 403)
    assert.equal((await clerk.api('DELETE', `/grants/${grant.id}`)).status, 200)
  })

  it('explains which grant decides, to administrators and of one’s own rights', async () => {
    const person = await place.person('viewer')
    const { id } = await lamp('explained', 'hall')
    const grant = await granted(person, 'lamps:read', 'city')
    const deny = await granted(person, 'lamps:read', 'north', { effect: 'deny' })
    const ask = async (by: Pick<Person, 'api'>, query: string) => {
      const { status, body } = await by.api('GET', `/permissions/explain?${query}`)
      assert.equal(status, 200, JSON.stringify(body))
      return body
    }
    const general = await ask(place.admin, `userId=${person.id}&permission=lamps:read`)
    assert.deepEqual(general, {
      allowed: true,
      everywhere: false,
      own: false,
      nodes: ['city'],
      denied: ['north'],
      by: { source: `grant ${grant.id}`, permission: 'lamps:read', effect: 'grant', scope: 'city' }
    })
    const record = await ask(place.admin, `userId=${person.id}&permission=lamps:read&id=${id}`)
    assert.equal(record.allowed, false)
    assert.equal(record.by.source, `grant ${deny.id}`)
    await place.admin.api('PATCH', `/lamps/${id}`, { siteId: 'south' })
    const moved = await ask(person, `permission=lamps:read&id=${id}`)
    assert.deepEqual([moved.allowed, moved.by.source], [true, `grant ${grant.id}`])
    assert.equal((await ask(place.admin, 'permission=lamps:read')).by.source, 'role admin')
    assert.equal((await ask(person, 'permission=users:remove')).by, null)
    await fails(person.api('GET', `/permissions/explain?userId=${place.admin.id}&permission=lamps:read`), 403)
    await fails(place.platform.api('GET', '/permissions/explain?permission=lamps:read'), 401)
    await fails(place.admin.api('GET', '/permissions/explain?userId=nobody&permission=lamps:read'), 404)
    await place.admin.api('PATCH', `/lamps/${id}`, { siteId: 'hall' })
    await fails(person.api('GET', `/permissions/explain?permission=lamps:read&id=${id}`), 404)
    const socket = await person.socket()
    assert.equal((await call(socket, 'explain', 'permissions', { permission: '*' })).error, null)
  })

  it('lets a grant begin and end by the clock, for requests and for open sockets', async () => {
    const person = await place.person()
    const socket = await person.socket()
    const heard = listen(socket)
    const { id } = await lamp('timed', 'far')
    await barrier(socket)
    const [from, end] = [Date.now() + 2000, Date.now() + 3500]
    const [begins, ends] = [/lamps~/, /^(?!.*lamps~)/].map((epoch) =>
      nextEvent(socket, 'reset', { matches: (reset) => epoch.test(reset.epoch) })
    )
    await granted(person, 'lamps:read', 'any', {
      validFrom: new Date(from).toISOString(),
      validUntil: new Date(end).toISOString()
    })
    const status = async () => (await person.api('GET', `/lamps/${id}`)).status
    assert.equal(await status(), 403)
    await begins
    assert.ok(Date.now() >= from - 2)
    assert.equal(await status(), 200)
    await place.admin.api('PATCH', `/lamps/${id}`, { watts: 1 })
    await ends
    assert.ok(Date.now() >= end - 2 && Date.now() < end + 1000)
    assert.equal(await status(), 403)
    await place.admin.api('PATCH', `/lamps/${id}`, { watts: 2 })
    await until('both ticks', () => told(heard, id).length === 3)
    assert.deepEqual(told(heard, id), ['tick', 'patched', 'tick'])
  })
})
