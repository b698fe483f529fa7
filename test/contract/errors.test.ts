import assert from 'node:assert/strict'
import { recorder } from '@signalbox/recorder'
import type { Socket } from 'socket.io-client'
import { nextEvent } from '../support/nextEvent.ts'
import { assertFailure, call, fails, onEachDatabase, raw, type RawRequest } from './support.ts'

const json = { 'content-type': 'application/json' }
const camera = { name: 'Gate', protocol: 'test' }

onEachDatabase('Errors', [recorder], (place) => {
  let socket: Socket

  before(async () => {
    socket = await place.admin.socket()
  })

  const send = (path: string, { headers, ...request }: RawRequest = {}) =>
    raw(place.platform.url, `/api${path}`, {
      ...request,
      headers: { authorization: `Bearer ${place.admin.token}`, ...headers }
    })
  const post = (path: string, body: string | Buffer, headers: Record<string, string> = json) =>
    send(path, { method: 'POST', body, headers })
  const make = async (fields: object = {}) => {
    const { status, body } = await place.admin.api('POST', '/cameras', { ...camera, ...fields })
    assert.equal(status, 201, JSON.stringify(body))
    return body
  }
  for (const path of [
    '/constructor',
    '/__proto__',
    '/toString',
    '/hasOwnProperty',
    '/nothing',
    '/',
    '/cameras/a/b/c',
    '/%E0%A4%A',
    '/%2e%2e/users'
  ]) {
    it(`answers GET ${path} with 404`, async () => {
      await fails(send(path), 404)
    })
  }

  it('answers a record that is not there with 404, whatever its id', async () => {
    for (const id of [
      'nobody',
      '__proto__',
      'constructor',
      '0%2F1',
      '%00',
      '%F0%9F%98%80',
      "'%20or%201=1--",
      'a'.repeat(150)
    ]) {
      await fails(send(`/cameras/${id}`), 404)
      await fails(send(`/cameras/${id}`, { method: 'DELETE' }), 404)
      await fails(send(`/jobs/${id}/history`), 404)
    }
  })

  it('takes a percent-encoded id for what it means', async () => {
    const id = 'night_shift-1'
    assert.equal((await place.admin.api('POST', '/roles', { id, label: 'Night shift' })).status, 201)
    assert.equal((await send('/roles/night%5Fshift%2D1')).body.id, id)
  })

  it('refuses a body that is not a JSON object', async () => {
    for (const body of [
      '{',
      '{"name":',
      'name=Gate',
      '5',
      '"text"',
      'true',
      'null',
      '[]',
      `[${JSON.stringify(camera)}]`,
      '\u0000'
    ]) {
      await fails(post('/cameras', body), 400)
      await fails(post('/auth/login', body), 400)
      await fails(send('/cameras/nobody', { method: 'PUT', headers: json, body }), 400)
      await fails(send('/cameras/nobody', { method: 'PATCH', headers: json, body }), 400)
    }
  })

  it('refuses a body that is nested so deep that nobody could look into it', async () => {
    for (const depth of [100, 100_000]) {
      await fails(post('/cameras', `{"name":${'['.repeat(depth)}${']'.repeat(depth)}}`), 400)
      await fails(post('/auth/login', `{"email":${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}}`), 400)
    }
  })

  it('refuses a body that is not sent as JSON', async () => {
    for (const type of [
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
      'text/json',
      ''
    ]) {
      await fails(post('/cameras', JSON.stringify(camera), type ? { 'content-type': type } : {}), 415)
    }
    const { status } = await post('/cameras', JSON.stringify(camera), {
      'content-type': 'Application/JSON; charset=utf-8'
    })
    assert.equal(status, 201)
  })

  it('refuses a POST, PUT or PATCH without a body', async () => {
    const { id } = await make()
    await fails(send('/cameras', { method: 'POST' }), 400)
    await fails(send('/cameras', { method: 'POST', headers: json }), 400)
    await fails(send(`/cameras/${id}`, { method: 'PUT' }), 400)
    await fails(send(`/cameras/${id}`, { method: 'PATCH' }), 400)
    await fails(send('/settings', { method: 'PATCH' }), 400)
  })

  it('refuses a body past 1 MiB, and one of 20 MB', async () => {
    const large = JSON.stringify({ ...camera, name: 'x'.repeat(1024 * 1024) })
    await fails(post('/cameras', large), 413)
    await fails(
      send('/cameras', {
        method: 'POST',
        body: large,
        headers: { ...json, 'transfer-encoding': 'chunked' }
      }),
      413
    )
    for (let n = 0; n < 5; n++) await fails(post('/cameras', Buffer.alloc(20_000_000, 'x')), 413)
    const { status, body } = await place.admin.api('POST', '/cameras', 'x'.repeat(20_000_000))
    assert.equal(status, 413)
    assertFailure(body, 413)
  })

  it('answers a method that a path does not have with 405 and those that it has', async () => {
    const allowed = async (method: string, path: string) => {
      const { headers } = await fails(send(path, { method }), 405)
      return headers.get('allow')?.split(', ').toSorted()
    }
    const { id } = await make()
    assert.deepEqual(await allowed('POST', `/cameras/${id}`), ['DELETE', 'GET', 'PATCH', 'PUT'])
    assert.deepEqual(await allowed('DELETE', '/cameras'), ['GET', 'POST'])
    assert.deepEqual(await allowed('PUT', '/cameras'), ['GET', 'POST'])
    assert.deepEqual(await allowed('PATCH', '/cameras'), ['GET', 'POST'])
    assert.deepEqual(await allowed('GET', '/auth/login'), ['POST'])
    assert.deepEqual(await allowed('POST', '/health'), ['GET'])
    assert.deepEqual(await allowed('OPTIONS', '/cameras'), ['GET', 'POST'])
  })

  it('refuses an unknown field and names it', async () => {
    const { body } = await fails(place.admin.api('POST', '/cameras', { ...camera, colour: 'red' }), 400)
    assert.deepEqual(body.errors, [{ field: 'colour', message: 'is not a known field' }])
    const { id } = await make()
    await fails(place.admin.api('PATCH', `/cameras/${id}`, { colour: 'red' }), 400)
    await fails(place.admin.api('PUT', `/cameras/${id}`, { ...camera, colour: 'red' }), 400)
    await fails(
      place.admin.api('POST', '/auth/login', { email: 'a@example.org', password: 'x', colour: 'red' }),
      400
    )
    await fails(post('/cameras', '{"name":"Gate","protocol":"test","__proto__":{"enabled":false}}'), 400)
    await fails(post('/cameras', '{"name":"Gate","protocol":"test","constructor":{}}'), 400)
    assertFailure((await call(socket, 'create', 'cameras', { ...camera, colour: 'red' })).error, 400)
  })

  it('names every field at fault', async () => {
    const { body } = await fails(place.admin.api('POST', '/cameras', { name: 5, protocol: 'smoke' }), 400)
    assert.deepEqual(body.errors.map(({ field }: { field: string }) => field).toSorted(), [
      'name',
      'protocol'
    ])
    const { body: missing } = await fails(place.admin.api('POST', '/cameras', {}), 400)
    assert.deepEqual(missing.errors.map(({ field }: { field: string }) => field).toSorted(), [
      'name',
      'protocol'
    ])
  })

  it('takes a record back as it was answered, and ignores what only the server sets', async () => {
    const made = await make({ location: 'North' })
    const sent = {
      ...made,
      name: 'Gate, again',
      id: 'another',
      createdAt: 'never',
      updatedBy: 'me',
      deletedBy: 5
    }
    const { status, body } = await place.admin.api('PUT', `/cameras/${made.id}`, sent)
    assert.equal(status, 200, JSON.stringify(body))
    const { updatedAt, ...rest } = body
    assert.deepEqual(rest, {
      ...withoutTimes(made),
      createdAt: made.createdAt,
      name: 'Gate, again',
      version: 2
    })
    const patched = await place.admin.api('PATCH', `/cameras/${made.id}`, {
      id: 'x',
      updatedBy: 'me',
      deletedBy: null,
      updatedAt: 1
    })
    assert.equal(patched.status, 200, JSON.stringify(patched.body))
    const created = await place.admin.api('POST', '/cameras', {
      ...camera,
      id: 'mine',
      version: 9,
      updatedBy: 'me',
      deletedBy: 'me'
    })
    assert.equal(created.status, 201)
    assert.notEqual(created.body.id, 'mine')
    assert.equal(created.body.version, 1)

    const { body: job } = await place.admin.api('POST', '/jobs', { name: 'Night', cameraId: made.id })
    const detail = (await place.admin.api('GET', `/jobs/${job.id}`)).body
    const put = await place.admin.api('PUT', `/jobs/${job.id}`, { ...detail, wanted: true, name: 'Day' })
    assert.equal(put.status, 200, JSON.stringify(put.body))
    assert.equal(put.body.wanted, false)
    assert.equal(put.body.name, 'Day')
    assert.equal((await place.admin.api('DELETE', `/jobs/${job.id}`)).status, 200)
  })

  it('replaces by PUT and merges by PATCH', async () => {
    const { id } = await make({ location: 'North', model: 'M1', tags: ['a'], enabled: false })
    const { body: patched } = await place.admin.api('PATCH', `/cameras/${id}`, {
      location: 'South',
      model: null
    })
    assert.deepEqual(
      [patched.location, patched.model, patched.tags, patched.enabled],
      ['South', null, ['a'], false]
    )
    const { body: replaced } = await place.admin.api('PUT', `/cameras/${id}`, { ...camera, model: 'M2' })
    assert.deepEqual(
      [replaced.location, replaced.model, replaced.tags, replaced.enabled],
      [null, 'M2', [], true]
    )
    await fails(place.admin.api('PUT', `/cameras/${id}`, { name: 'Gate' }), 400)
    await fails(place.admin.api('PUT', '/cameras/nobody', camera), 404)
  })

  it('keeps a write-only field that a PUT leaves out', async () => {
    const { body: made } = await place.admin.api('POST', '/users', {
      email: 'kept@example.org',
      password: 'old password'
    })
    assert.ok(!('password' in made))
    assert.equal(
      (await place.admin.api('PUT', `/users/${made.id}`, { email: 'kept@example.org', firstName: 'Kim' }))
        .status,
      200
    )
    assert.equal(
      (
        await place.platform.api('POST', '/auth/login', {
          email: 'kept@example.org',
          password: 'old password'
        })
      ).status,
      200
    )
  })

  it('refuses a stale version, in the body or in If-Match', async () => {
    const { id } = await make()
    const { headers } = await place.admin.api('GET', `/cameras/${id}`)
    const etag = String(headers.get('etag'))
    assert.equal(etag, '"1"')
    const changed = await place.admin.api('PATCH', `/cameras/${id}`, { name: 'Two' }, { 'if-match': etag })
    assert.equal(changed.body.version, 2)
    for (const method of ['PUT', 'PATCH']) {
      const { body } = await fails(
        place.admin.api(method, `/cameras/${id}`, camera, { 'if-match': etag }),
        409
      )
      assert.deepEqual(body.data, { version: 2 })
      await fails(place.admin.api(method, `/cameras/${id}`, { ...camera, version: 1 }), 409)
      await fails(place.admin.api(method, `/cameras/${id}`, { ...camera, version: 'two' }), 400)
      await fails(place.admin.api(method, `/cameras/${id}`, camera, { 'if-match': 'yesterday' }), 400)
    }
    await fails(place.admin.api('DELETE', `/cameras/${id}`, undefined, { 'if-match': etag }), 409)
    assertFailure((await call(socket, 'patch', 'cameras', id, { version: 1, name: 'Three' })).error, 409)
    assert.equal((await place.admin.api('PUT', `/cameras/${id}`, { ...camera, version: 2 })).body.version, 3)
    assert.equal(
      (await place.admin.api('DELETE', `/cameras/${id}`, undefined, { 'if-match': '"3"' })).status,
      200
    )
  })

  it('answers a duplicate with 409 and names the field, not the value', async () => {
    const { body } = await fails(place.admin.api('POST', '/users', { email: 'ADMIN@example.org' }), 409)
    assert.deepEqual(body.errors, [{ field: 'email', message: 'is taken by another record' }])
    assert.doesNotMatch(JSON.stringify(body), /example\.org/i)
  })

  it('refuses what the database could not hold', async () => {
    await fails(place.admin.api('POST', '/cameras', { ...camera, name: 'a\u0000b' }), 400)
    await fails(place.admin.api('POST', '/cameras', { ...camera, tags: ['\u0000'] }), 400)
    await fails(place.admin.api('POST', '/jobs', { name: 'Night', cameraId: 'nobody' }), 400)
    await fails(place.admin.api('POST', '/jobs', { name: 'Night', cameraId: 'nobody', priority: 1e15 }), 400)
  })

  it('asks for a log-in before it says what is there', async () => {
    for (const path of [
      '/cameras',
      '/cameras/nobody',
      '/users',
      '/settings',
      '/status',
      '/changes',
      '/auth/me'
    ]) {
      await fails(place.platform.api('GET', path), 401)
      await fails(place.platform.api('GET', path, undefined, { authorization: 'Bearer nonsense' }), 401)
    }
  })

  it('answers whatever a socket calls', async () => {
    const refused = async (code: number, method: string, ...args: unknown[]) =>
      assertFailure((await call(socket, method, ...args)).error, code)
    await refused(404, 'find', 'constructor', {})
    await refused(404, 'find', '__proto__', {})
    await refused(404, 'find')
    await refused(404, 'find', 5)
    await refused(404, 'nonsense')
    await refused(404, 'constructor', {})
    await refused(405, 'constructor', 'cameras', {})
    await refused(405, 'explode', 'cameras', {})
    await refused(405, 'remove', 'health', 'x')
    await refused(405, 'setup', 'cameras', {})
    await refused(405, 'emit', 'cameras', 'created', {})
    await refused(404, 'get', 'cameras', 'nobody')
    await refused(404, 'get', 'cameras', 7)
    for (const id of [null, undefined, {}, [], true, '']) {
      await refused(400, 'get', 'cameras', id)
      await refused(400, 'patch', 'cameras', id, { name: 'x' })
      await refused(400, 'update', 'cameras', id, camera)
      await refused(400, 'remove', 'cameras', id)
      await refused(400, 'start', 'jobs', { id })
    }
    await refused(400, 'get', 'cameras')
    await refused(400, 'create', 'cameras')
    for (const data of [null, 5, 'text', []]) await refused(400, 'create', 'cameras', data)
    await refused(400, 'find', 'cameras', 'text')
    await refused(400, 'find', 'cameras', [])
    await refused(400, 'login', 'auth', { email: 5 })
    await refused(400, 'create', 'cameras', camera, 'text')
  })

  it('answers a call without a callback with the event error', async () => {
    const failed = nextEvent(socket, 'error')
    socket.emit('find', 'constructor', {})
    assert.equal((await failed).error, 'Not found')
    const unknown = nextEvent(socket, 'error')
    socket.emit('nonsense')
    const { event, error } = await unknown
    assert.deepEqual({ event, error }, { event: 'nonsense', error: 'Not found' })
    const changed = nextEvent(socket, 'camera-changed', {
      matches: ({ record }) => record?.name === 'Without a callback'
    })
    socket.emit('create', 'cameras', { ...camera, name: 'Without a callback' })
    assert.equal((await changed).action, 'created')
  })

  it('answers a named command with one reply, an error where its payload is wrong', async () => {
    for (const payload of [null, 5, [], {}, '', 'x'.repeat(100_000), undefined]) {
      const failed = nextEvent(socket, 'error')
      const { error } = await call(socket, 'subscribe:logs', payload)
      assert.equal(error.error, 'Invalid parameters')
      assert.deepEqual(await failed, error)
      assert.equal(error.event, 'subscribe:logs')
    }
    const { error } = await call(socket, 'subscribe:logs', 'nobody')
    assert.equal(error.error, 'Not found')
  })
})

function withoutTimes({ updatedAt: _, ...record }: Record<string, unknown>): Record<string, unknown> {
  return record
}
