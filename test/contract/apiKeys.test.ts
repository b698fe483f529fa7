import assert from 'node:assert/strict'
import { Client } from 'pg'
import { nextEvent } from '../support/nextEvent.ts'
import { until } from '../support/until.ts'
import { notebook } from './notebook.ts'
import {
  call,
  connected,
  cut,
  fails,
  listen,
  onEachDatabase,
  password,
  type Person,
  type Place
} from './support.ts'

interface Key {
  readonly id: string
  readonly key: string
  readonly api: Person['api']
}

onEachDatabase('API keys', [notebook], (place) => {
  const keyFor = (userId: string, fields: object = {}): Promise<Key> =>
    createKey(place, { userId, ...fields })
  const socketOf = ({ key }: Key) => connected(place.platform.unconnected({ token: key }))

  it('are shown once, at their creation, and kept nowhere', async function () {
    const account = await place.person('operator')
    const socket = await place.admin.socket()
    const heard = listen(socket)
    const created = nextEvent(socket, 'api-key-changed')
    const { id, key } = await keyFor(account.id)
    assert.match(key, /^sbk_[\w-]{43}$/)
    await created
    const secret = key.slice(12)
    const { body: record } = await place.admin.api('GET', `/api-keys/${id}`)
    assert.equal(record.key, key.slice(0, 10))
    assert.equal(record.userId, account.id)
    assert.equal(record.lastUsedAt, null)
    assert.ok(!('keyHash' in record))
    const { body: changes } = await place.admin.api('GET', '/changes?limit=1000')
    for (const place of [record, changes, heard]) assert.ok(!JSON.stringify(place).includes(secret))
    if (place.databaseUrl === undefined) return
    for (const row of await everythingAbout(place.databaseUrl)) assert.ok(!row.includes(secret))
  })

  it('are not shown again to a repeated request, which makes no second key', async () => {
    const account = await place.person()
    const headers = { 'idempotency-key': 'once' }
    const body = { name: 'Gate', userId: account.id }
    const first = await place.admin.api('POST', '/api-keys', body, headers)
    const again = await place.admin.api('POST', '/api-keys', body, headers)
    assert.equal(first.body.key.length, 47)
    assert.equal(again.body.id, first.body.id)
    assert.equal(again.body.key, first.body.key.slice(0, 10))
  })

  it('may do what their account may, over REST and sockets', async () => {
    const account = await place.person('viewer')
    const key = await keyFor(account.id)
    assert.equal((await key.api('GET', '/auth/me')).body.id, account.id)
    await fails(key.api('POST', '/roles', { label: 'More' }), 403)
    const socket = await socketOf(key)
    assert.equal((await call(socket, 'me', 'auth', {})).result.id, account.id)
    assert.equal((await call(socket, 'create', 'roles', { label: 'More' })).error.code, 403)
    const { body } = await place.platform.api('POST', '/auth/verify', { token: key.key })
    assert.deepEqual([body.valid, body.user.id, body.exp], [true, account.id, null])
    const used = (await place.admin.api('GET', `/api-keys/${key.id}`)).body
    assert.ok(Date.parse(used.lastUsedAt) > Date.now() - 60_000)
    assert.equal(used.version, 1)
  })

  it('narrow what their account may to what they list, and widen nothing', async () => {
    const key = await keyFor(place.admin.id, { permissions: ['roles:read', 'grants:*'] })
    assert.equal((await key.api('GET', '/roles')).status, 200)
    assert.equal((await key.api('GET', '/grants')).status, 200)
    for (const path of ['/users', '/settings', '/status', '/api-keys']) await fails(key.api('GET', path), 403)
    await fails(key.api('POST', '/roles', { label: 'More' }), 403)
    const nobody = await place.person()
    const wide = await keyFor(nobody.id, { permissions: ['roles:read', 'users:read'] })
    await fails(wide.api('GET', '/roles'), 403)
    const { body: own } = await wide.api('GET', '/users')
    assert.deepEqual(
      own.map(({ id }: { id: string }) => id),
      [nobody.id]
    )
    const none = await keyFor(place.admin.id, { permissions: [] })
    await fails(none.api('GET', '/roles'), 403)
  })

  it('let their sockets hear only what they list', async () => {
    const key = await keyFor(place.admin.id, { permissions: ['roles:read'] })
    const heard = listen(await socketOf(key))
    const socket = await place.admin.socket()
    const told = nextEvent(socket, 'grant-changed')
    const { id } = (await place.admin.api('POST', '/roles', { label: 'Heard' })).body
    const account = await place.person()
    await place.admin.api('POST', '/grants', {
      subjectType: 'user',
      subjectId: account.id,
      permission: 'roles:read'
    })
    await told
    await place.admin.api('PATCH', `/roles/${id}`, { label: 'Heard again' })
    await until('the last change', () => heard.filter(({ event }) => event === 'roles patched').length === 1)
    const rich = heard.filter(({ payload }) => payload?.record ?? payload?.label ?? payload?.email)
    assert.deepEqual([...new Set(rich.map(({ event }) => event))].toSorted(), [
      'role-changed',
      'roles created',
      'roles patched'
    ])
  })

  it('never change a password, make or change a key, or touch sessions', async () => {
    const key = await keyFor(place.admin.id)
    const other = await place.person()
    for (const [method, path, body] of [
      ['POST', '/auth/change-password', { currentPassword: password, newPassword: 'another fine password' }],
      ['PATCH', `/users/${other.id}`, { password: 'another fine password' }],
      ['POST', '/users', { email: 'made@example.org', password: 'another fine password' }],
      ['POST', '/api-keys', { name: 'Offspring', userId: other.id }],
      ['PATCH', `/api-keys/${key.id}`, { permissions: null }],
      ['PUT', `/api-keys/${key.id}`, { name: 'Wider', userId: place.admin.id }],
      ['GET', '/auth/sessions', undefined],
      ['POST', '/auth/end-session', { id: 'x' }],
      ['POST', '/auth/logout-everywhere', {}],
      ['POST', '/auth/logout', {}]
    ] as const) {
      await fails(key.api(method, path, body), 403)
    }
    assert.equal((await other.api('GET', '/auth/me')).status, 200)
    assert.equal((await place.admin.api('GET', '/auth/me')).status, 200)
  })

  it('are refused at once when they are revoked, and their sockets are cut', async () => {
    const account = await place.person('viewer')
    const [key, kept] = [await keyFor(account.id), await keyFor(account.id)]
    const [socket, other] = [await socketOf(key), await socketOf(kept)]
    const ended = cut(socket)
    assert.equal((await place.admin.api('DELETE', `/api-keys/${key.id}`)).status, 200)
    await place.fails(() => key.api('GET', '/auth/me'), 401)
    await ended
    await assert.rejects(socketOf(key), { message: 'Unauthorized' })
    assert.equal((await call(other, 'me', 'auth', {})).result.id, account.id)
    assert.equal((await account.api('GET', '/auth/me')).status, 200)
  })

  it('are refused when they run out, and their sockets are cut without grace', async () => {
    const account = await place.person('viewer')
    const expiresAt = new Date(Date.now() + 1500).toISOString()
    const key = await keyFor(account.id, { expiresAt })
    const socket = await socketOf(key)
    assert.equal(
      (await place.platform.api('POST', '/auth/verify', { token: key.key })).body.exp,
      Date.parse(expiresAt) / 1000
    )
    await cut(socket)
    assert.ok(Date.now() >= Date.parse(expiresAt))
    assert.ok(Date.now() < Date.parse(expiresAt) + 1000)
    await fails(key.api('GET', '/auth/me'), 401)
    await assert.rejects(socketOf(key), { message: 'Unauthorized' })
  })

  it('may less from the moment they are narrowed, on open sockets too', async () => {
    const key = await keyFor(place.admin.id)
    const socket = await socketOf(key)
    assert.equal((await call(socket, 'find', 'roles')).error, null)
    const ended = cut(socket)
    await place.admin.api('PATCH', `/api-keys/${key.id}`, { permissions: ['users:read'] })
    await place.fails(() => key.api('GET', '/roles'), 403)
    await ended
    assert.equal((await call(socket, 'find', 'roles')).error.code, 403)
    assert.equal((await call(socket, 'find', 'users', { $limit: 1 })).error, null)
  })

  it('live and die with their account', async () => {
    const account = await place.person('viewer')
    const key = await keyFor(account.id)
    const socket = await socketOf(key)
    const ended = cut(socket)
    await place.admin.api('PATCH', `/users/${account.id}`, { status: 'suspended' })
    await ended
    await fails(key.api('GET', '/auth/me'), 401)
    await place.admin.api('PATCH', `/users/${account.id}`, { status: 'active' })
    await place.soon('its revival', async () => (await key.api('GET', '/auth/me')).status === 200)
    assert.equal((await place.admin.api('DELETE', `/users/${account.id}`)).status, 200)
    await place.fails(() => key.api('GET', '/auth/me'), 401)
    await fails(place.admin.api('GET', `/api-keys/${key.id}`), 404)
    const { body } = await place.admin.api('GET', '/changes?limit=1000&since=' + (await newestBut(place, 20)))
    assert.ok(
      body.changes.some(
        ({ resource, recordId, action }: Record<string, string>) =>
          resource === 'api-keys' && recordId === key.id && action === 'removed'
      )
    )
  })

  it('are made by nobody for an account that may more than they do', async () => {
    const role = { label: 'Key maker', permissions: ['api-keys:create', 'api-keys:update', 'cameras:read'] }
    await place.admin.api('POST', '/roles', {
      id: 'key-maker',
      ...role,
      permissions: role.permissions.slice(0, 2)
    })
    const [maker, viewer] = [await place.person('key-maker'), await place.person('operator')]
    await fails(viewer.api('POST', '/api-keys', { name: 'Mine', userId: viewer.id }), 403)
    await fails(maker.api('POST', '/api-keys', { name: 'Power', userId: place.admin.id }), 403)
    await fails(maker.api('POST', '/api-keys', { name: 'Power', userId: viewer.id }), 403)
    const plain = await place.person()
    for (const userId of [maker.id, plain.id]) {
      assert.equal((await maker.api('POST', '/api-keys', { name: 'Fine', userId })).status, 201)
    }
  })

  it('are checked before they are made', async () => {
    const { id: userId } = await place.person()
    for (const [field, body] of [
      ['name', { userId }],
      ['userId', { name: 'Gate' }],
      ['userId', { name: 'Gate', userId: 'nobody' }],
      ['expiresAt', { name: 'Gate', userId, expiresAt: '2020-01-01T00:00:00Z' }],
      ['expiresAt', { name: 'Gate', userId, expiresAt: 'tomorrow' }],
      ['permissions', { name: 'Gate', userId, permissions: ['no-such:thing'] }]
    ] as const) {
      const { body: failure } = await fails(place.admin.api('POST', '/api-keys', body), 400)
      assert.equal(failure.errors[0].field.split('.')[0], field)
    }
    const { id } = await keyFor(userId)
    await fails(place.admin.api('PUT', `/api-keys/${id}`, { name: 'Gate', userId: place.admin.id }), 400)
    const chosen = { name: 'Gate', userId, key: 'sbk_chosen', lastUsedAt: '2020-01-01T00:00:00Z' }
    const { body } = await place.admin.api('POST', '/api-keys', chosen)
    assert.notEqual(body.key, chosen.key)
    assert.equal(body.lastUsedAt, null)
  })

  it('are seen and revoked by those in whose name they call, and nobody else’s by them', async () => {
    const [one, other] = [await place.person(), await place.person()]
    const [mine, theirs] = [await keyFor(one.id), await keyFor(other.id)]
    const { body } = await one.api('GET', '/api-keys')
    assert.deepEqual(
      body.map(({ id }: Key) => id),
      [mine.id]
    )
    await fails(one.api('GET', `/api-keys/${theirs.id}`), 404)
    await fails(one.api('DELETE', `/api-keys/${theirs.id}`), 404)
    await fails(one.api('PATCH', `/api-keys/${mine.id}`, { name: 'Renamed' }), 403)
    assert.equal((await one.api('DELETE', `/api-keys/${mine.id}`)).status, 200)
    await place.fails(() => mine.api('GET', '/auth/me'), 401)
    const last = await keyFor(other.id)
    assert.equal((await last.api('DELETE', `/api-keys/${last.id}`)).status, 200)
    await place.fails(() => last.api('GET', '/auth/me'), 401)
  })

  it('are no tokens where they were made up, cut short or changed', async () => {
    const { key } = await keyFor(place.admin.id)
    const changed = `${key.slice(0, -2)}${key.endsWith('AA') ? 'BB' : 'AA'}`
    for (const token of [changed, key.slice(0, -1), `${key}A`, 'sbk_', key.slice(4), key.toUpperCase()]) {
      await fails(place.platform.api('GET', '/auth/me', undefined, { authorization: `Bearer ${token}` }), 401)
      await assert.rejects(connected(place.platform.unconnected({ token })), { message: 'Unauthorized' })
    }
  })
})

async function createKey(place: Place, fields: object): Promise<Key> {
  const { status, body } = await place.admin.api('POST', '/api-keys', { name: 'Gate', ...fields })
  assert.equal(status, 201, JSON.stringify(body))
  const { id, key } = body
  return {
    id,
    key,
    api: (method, path, data, headers = {}) =>
      place.platform.api(method, path, data, { authorization: `Bearer ${key}`, ...headers })
  }
}

/** A place in the feed so many changes before its end. */
async function newestBut(place: Place, changes: number): Promise<number> {
  await place.platform.drain()
  let next = 0
  for (;;) {
    const { body } = await place.admin.api('GET', `/changes?limit=1000&since=${next}`)
    if (body.next === next) return Math.max(0, next - changes)
    next = body.next
  }
}

/** Every row, as text, of the tables that could hold a key. */
async function everythingAbout(url: string): Promise<string[]> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    const tables = ['core_api_keys', 'core_changes', 'core_idempotency', 'core_sessions', 'core_users']
    const found: string[] = []
    for (const table of tables) {
      const { rows } = await client.query<{ row: string }>(`select t::text as row from ${table} t`)
      found.push(...rows.map(({ row }) => row))
    }
    return found
  } finally {
    await client.end()
  }
}
