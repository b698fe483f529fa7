import assert from 'node:assert/strict'
import { recorder } from '@signalbox/recorder'
import type { Socket } from 'socket.io-client'
import { nextEvent } from '../support/nextEvent.ts'
import { notebook } from './notebook.ts'
import { assertFailure, call, listen, onEachDatabase, password, type Person } from './support.ts'

const camera = { name: 'Gate', protocol: 'test' }
const secret = 'never to be told'

onEachDatabase('Changes', [recorder, notebook], (place) => {
  let nobody: Person
  let viewer: Person
  let reader: Socket
  let stranger: Socket

  before(async () => {
    nobody = await place.person()
    viewer = await place.person('viewer')
    reader = await viewer.socket()
    stranger = await nobody.socket()
  })

  const create = async (path: string, data: object, by: Pick<Person, 'api'> = place.admin) => {
    const { status, body } = await by.api('POST', path, data)
    assert.equal(status, 201, JSON.stringify(body))
    return body
  }
  /** A change that everybody signed in hears of; what was announced before it has arrived when it has. */
  const barrier = async (...sockets: Socket[]) => {
    const { id } = await create('/roles', { label: 'Barrier' })
    const arrived = sockets.map((socket) =>
      nextEvent(socket, 'role-changed', { matches: (tick) => tick.id === id })
    )
    await place.admin.api('PATCH', `/roles/${id}`, { label: 'Passed' })
    await Promise.all(arrived)
  }

  it('tells readers what changed and everybody else only that something did', async () => {
    const [rich, bare] = [listen(reader), listen(stranger)]
    const made = await create('/cameras', camera)
    const { body: patched } = await place.admin.api('PATCH', `/cameras/${made.id}`, { location: 'North' })
    const { body: updated } = await place.admin.api('PUT', `/cameras/${made.id}`, {
      ...camera,
      name: 'Yard'
    })
    assert.equal((await place.admin.api('DELETE', `/cameras/${made.id}`)).status, 200)
    await barrier(reader, stranger)

    const told = rich.filter(({ event }) => event === 'camera-changed').map(({ payload }) => payload)
    assert.deepEqual(
      told.map(({ action }) => action),
      ['created', 'patched', 'updated', 'removed']
    )
    assert.deepEqual(
      told.map(({ record }) => record),
      [made, patched, updated, updated]
    )
    assert.deepEqual(
      told.map(({ version }) => version),
      [1, 2, 3, 3]
    )
    for (const { id, seq, at } of told) {
      assert.equal(id, made.id)
      assert.ok(Number.isInteger(seq))
      assert.equal(new Date(at).toISOString(), at)
    }
    assert.deepEqual(
      told.map(({ seq }) => seq),
      told.map((_, n) => told[0].seq + n)
    )
    const feathers = rich.filter(({ event }) => event.startsWith('cameras '))
    assert.deepEqual(
      feathers.map(({ event }) => event),
      ['cameras created', 'cameras patched', 'cameras updated', 'cameras removed']
    )
    assert.deepEqual(
      feathers.map(({ payload }) => payload),
      [made, patched, updated, updated]
    )

    const ticks = bare.filter(({ event }) => event === 'camera-changed').map(({ payload }) => payload)
    assert.deepEqual(
      ticks,
      Array.from({ length: 4 }, () => ({ id: made.id }))
    )
    assert.deepEqual(
      bare.filter(({ event }) => event.startsWith('cameras ')),
      []
    )
  })

  it('tells a socket once, and of its own writes too', async () => {
    const heard = listen(reader)
    const admin = await place.admin.socket()
    const own = listen(admin)
    const { result } = await call(admin, 'create', 'cameras', camera)
    await barrier(reader, admin)
    for (const list of [heard, own]) {
      assert.equal(
        list.filter(({ event, payload }) => event === 'camera-changed' && payload.id === result.id).length,
        1
      )
      assert.equal(
        list.filter(({ event, payload }) => event === 'cameras created' && payload.id === result.id).length,
        1
      )
    }
  })

  it('keeps the order of many writers, without a gap', async () => {
    const heard = listen(reader)
    const cameras = await Promise.all(
      Array.from({ length: 5 }, (_, n) => create('/cameras', { ...camera, name: `Order ${n}` }))
    )
    await Promise.all(
      cameras.map(async ({ id }) => {
        for (let n = 0; n < 6; n++) await place.admin.api('PATCH', `/cameras/${id}`, { location: `${n}` })
      })
    )
    await barrier(reader)
    const told = heard
      .filter(({ event, payload }) => event === 'camera-changed' && payload.seq)
      .map(({ payload }) => payload)
    assert.equal(told.length, 35)
    const seqs = told.map(({ seq }) => seq)
    assert.deepEqual(
      seqs,
      seqs.toSorted((one, other) => one - other)
    )
    assert.equal(new Set(seqs).size, 35)
    for (const { id } of cameras) {
      assert.deepEqual(
        told.filter((one) => one.id === id).map(({ version }) => version),
        [1, 2, 3, 4, 5, 6, 7]
      )
    }
  })

  it('announces nothing of a write that was rolled back or refused', async () => {
    const admin = await place.admin.socket()
    const heard = listen(admin)
    const kept = await create('/notes', { text: 'kept' })
    for (const [text, code] of [
      ['refused', 422],
      ['broken', 500]
    ] as const) {
      const created = await place.admin.api('POST', '/notes', { text })
      assert.equal(created.status, code)
      assertFailure(created.body, code)
      assertFailure((await place.admin.api('PATCH', `/notes/${kept.id}`, { text })).body, code)
      assertFailure((await call(admin, 'create', 'notes', { text })).error, code)
      assertFailure(
        (await place.admin.api('POST', '/notes', { text }, { 'idempotency-key': `rolled back ${text}` }))
          .body,
        code
      )
    }
    await place.admin.api('PATCH', `/cameras/nobody`, { name: 'x' })
    await place.admin.api('POST', '/cameras', { ...camera, colour: 'red' })
    await place.admin.api('POST', '/users', { email: 'admin@example.org' })
    await barrier(admin)
    const told = heard.filter(({ event }) => !event.startsWith('role'))
    assert.deepEqual(told.map(({ event }) => event).toSorted(), ['note-changed', 'notes created'])
    assert.deepEqual((await place.admin.api('GET', '/notes?text[$ne]=kept')).body, [])
  })

  it('lets only its readers hear of a scoped resource, each of their own', async () => {
    const [other, admin] = [await place.person(), await place.admin.socket()]
    const otherSocket = await other.socket()
    const [mine, theirs, all] = [listen(stranger), listen(otherSocket), listen(admin)]
    const note = await create('/notes', { text: 'mine' }, nobody)
    assert.equal(note.ownerId, nobody.id)
    const handed = await place.admin.api('PATCH', `/notes/${note.id}`, { ownerId: other.id })
    assert.equal(handed.status, 200)
    assert.equal((await other.api('PATCH', `/notes/${note.id}`, { text: 'theirs' })).status, 200)
    await barrier(stranger, otherSocket, admin)
    const of = (list: typeof mine) =>
      list
        .filter(({ event }) => event.startsWith('note'))
        .map(({ event, payload }) =>
          `${event} ${payload.action ?? ''} ${payload.text ?? payload.record?.text ?? ''}`.trim()
        )
    assert.deepEqual(of(mine), [
      'note-changed created mine',
      'notes created  mine',
      'note-changed removed',
      'notes removed'
    ])
    assert.deepEqual(of(theirs), [
      'note-changed patched mine',
      'notes patched  mine',
      'note-changed patched theirs',
      'notes patched  theirs'
    ])
    assert.equal(of(all).length, 6)
  })

  it('lets no secret travel in an event, an answer or the feed', async () => {
    const admin = await place.admin.socket()
    const heard = listen(admin)
    const answers = [
      await create('/cameras', { ...camera, username: 'u', password: secret }),
      await create('/cameras', {
        name: 'Url',
        protocol: 'rtsp',
        streams: { main: `rtsp://u:${encodeURIComponent(secret)}@127.0.0.1/a` }
      }),
      await create('/notes', { text: 'pinned', pin: secret }),
      await create('/users', { email: 'secret@example.org', password: secret })
    ]
    await place.admin.api('PATCH', `/cameras/${answers[0].id}`, { password: `${secret} 2` })
    await place.admin.api('PATCH', `/users/${answers[3].id}`, { password: `${secret} 2` })
    await place.admin.api('GET', `/cameras/${answers[0].id}`).then(({ body }) => answers.push(body))
    await place.admin.api('GET', '/changes?limit=1000').then(({ body }) => answers.push(body))
    await barrier(admin)
    const text = JSON.stringify([answers, heard])
    for (const told of [secret, encodeURIComponent(secret), 'argon2', '"password"', '"pin"'])
      assert.ok(!text.includes(told), told)
    assert.ok(heard.length > 8)
  })

  it('announces a setting by its key, its value only to those who may read it', async () => {
    const admin = await place.admin.socket()
    const [rich, bare] = [nextEvent(admin, 'settings-changed'), nextEvent(stranger, 'settings-changed')]
    const before = (await place.admin.api('GET', '/settings')).body
    assert.deepEqual(before, { 'notebook.colour': 'white', 'notebook.lines': 30 })
    const { status, body } = await place.admin.api('PATCH', '/settings', { 'notebook.colour': 'yellow' })
    assert.equal(status, 200, JSON.stringify(body))
    assert.deepEqual(body, { 'notebook.colour': 'yellow', 'notebook.lines': 30 })
    assert.deepEqual(await bare, { key: 'notebook.colour' })
    const { key, action, record } = await rich
    assert.deepEqual(
      { key, action, record },
      { key: 'notebook.colour', action: 'patched', record: { key, value: 'yellow' } }
    )
    for (const values of [
      { 'notebook.colour': 'red' },
      { 'notebook.size': 1 },
      { 'notebook.lines': 5, 'notebook.colour': 5 },
      { 'notebook.lines': null }
    ]) {
      assertFailure((await place.admin.api('PATCH', '/settings', values)).body, 400)
    }
    assert.equal((await place.admin.api('GET', '/settings')).body['notebook.lines'], 30)
    assertFailure((await viewer.api('GET', '/settings')).body, 403)
    assertFailure((await viewer.api('PATCH', '/settings', { 'notebook.lines': 5 })).body, 403)
  })

  it('tells the feed in pages, oldest first', async () => {
    const made = await create('/cameras', { ...camera, name: 'In the feed' })
    await place.admin.api('DELETE', `/cameras/${made.id}`)
    await place.platform.drain()
    const all: any[] = []
    let since = 0
    for (;;) {
      const { status, body } = await place.admin.api('GET', `/changes?since=${since}&limit=17`)
      assert.equal(status, 200)
      assert.equal(body.reset, undefined)
      assert.ok(body.changes.length <= 17)
      if (!body.changes.length) break
      all.push(...body.changes)
      since = body.next
    }
    assert.deepEqual(
      all.map(({ seq }) => seq),
      all.map((_, n) => n + 1)
    )
    const ours = all.filter(({ recordId }) => recordId === made.id)
    assert.deepEqual(
      ours.map(({ action, resource, actor, record }) => ({ action, resource, actor, record })),
      [
        { action: 'created', resource: 'cameras', actor: place.admin.id, record: made },
        { action: 'removed', resource: 'cameras', actor: place.admin.id, record: made }
      ]
    )
    assert.deepEqual(Object.keys(ours[0]).toSorted(), [
      'action',
      'actor',
      'at',
      'record',
      'recordId',
      'resource',
      'seq'
    ])
    const { body: end } = await place.admin.api('GET', `/changes?since=${since}`)
    assert.deepEqual(end, { changes: [], next: since })
  })

  it('tells of the feed only what the caller may read, and goes on past the rest', async () => {
    await create('/notes', { text: 'own note' }, nobody)
    await place.platform.drain()
    const { body } = await viewer.api('GET', '/changes?limit=1000')
    const resources = new Set(body.changes.map(({ resource }: { resource: string }) => resource))
    assert.deepEqual(resources, new Set(['cameras', 'users']))
    assert.ok(body.changes.every((one: any) => one.resource !== 'users' || one.recordId === viewer.id))
    const { body: own } = await nobody.api('GET', '/changes?limit=1000')
    assert.ok(own.changes.some(({ record }: any) => record.text === 'own note'))
    assert.ok(own.changes.every((one: any) => one.resource === 'notes' || one.recordId === nobody.id))
    assert.equal(own.next, body.next)
    const { body: first } = await nobody.api('GET', '/changes?limit=1')
    assert.deepEqual(first, { changes: [], next: 1 })
    assertFailure((await place.platform.api('GET', '/changes')).body, 401)
    for (const query of [
      'since=-1',
      'since=x',
      'since=1.5',
      'limit=0',
      'limit=many',
      'limit=5000',
      'until=5'
    ]) {
      assertFailure((await place.admin.api('GET', `/changes?${query}`)).body, 400)
    }
    assert.ok(
      (await call(stranger, 'find', 'changes', { since: 0, limit: 1000 })).result.changes.length ===
        own.changes.length
    )
  })

  it('lets a reader hand a note away and see no more of it in the feed', async () => {
    const note = await create('/notes', { text: 'to be handed on' }, nobody)
    await place.admin.api('PATCH', `/notes/${note.id}`, { ownerId: viewer.id, text: 'not yours any more' })
    await place.platform.drain()
    const { body } = await nobody.api('GET', '/changes?limit=1000')
    const ours = body.changes.filter(({ recordId }: any) => recordId === note.id)
    assert.ok(!JSON.stringify(ours).includes('not yours any more'))
    assert.equal(ours.at(-1).action, 'removed')
  })

  it('answers a repeated Idempotency-Key with the first answer', async () => {
    const key = { 'idempotency-key': 'camera one' }
    const data = { ...camera, name: 'Idempotent', password: secret }
    const answers = await Promise.all(
      Array.from({ length: 4 }, () => place.admin.api('POST', '/cameras', data, key))
    )
    for (const { status, body, headers } of answers) {
      assert.equal(status, 201, JSON.stringify(body))
      assert.deepEqual(body, answers[0]?.body)
      assert.equal(headers.get('location'), `/api/cameras/${body.id}`)
    }
    assert.equal((await place.admin.api('GET', '/cameras?name=Idempotent')).body.length, 1)
    assertFailure((await place.admin.api('POST', '/cameras', { ...data, name: 'Other' }, key)).body, 409)
    assert.equal(
      (await place.admin.api('POST', '/cameras', data, { 'idempotency-key': 'camera two' })).status,
      201
    )
    const second = await place.person('admin')
    assert.equal((await second.api('POST', '/cameras', data, key)).status, 201)
    assert.equal((await place.admin.api('GET', '/cameras?name=Idempotent')).body.length, 3)
  })

  it('forgets an Idempotency-Key whose request failed, and refuses a senseless one', async () => {
    const key = { 'idempotency-key': 'comes right' }
    assertFailure((await place.admin.api('POST', '/cameras', { ...camera, colour: 'red' }, key)).body, 400)
    assertFailure((await place.admin.api('POST', '/users', { email: 'admin@example.org' }, key)).body, 409)
    assert.equal((await place.admin.api('POST', '/users', { email: 'right@example.org' }, key)).status, 201)
    assertFailure(
      (await place.admin.api('POST', '/cameras', camera, { 'idempotency-key': 'x'.repeat(201) })).body,
      400
    )
  })

  it('signs in anew each time, whatever the Idempotency-Key', async () => {
    const key = { 'idempotency-key': 'log-in' }
    const login = () => place.platform.api('POST', '/auth/login', { email: viewer.email, password }, key)
    const [one, other] = [await login(), await login()]
    assert.equal(one.status, 200)
    assert.notEqual(one.body.refreshToken, other.body.refreshToken)
  })
})
