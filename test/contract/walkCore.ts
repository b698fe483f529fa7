import assert from 'node:assert/strict'
import { nextEvent } from '../support/nextEvent.ts'
import type { Answer } from '../support/startTestPlatform.ts'
import { assertFields, password, type Place } from './support.ts'

/** What shows that one row of the contract answers. */
export type Walk = (place: Place) => Promise<void>

const baseFields = ['id', 'version', 'createdAt', 'updatedAt']
const userFields = [...baseFields, 'email', 'username', 'firstName', 'lastName', 'role', 'status']
const roleFields = [...baseFields, 'label', 'description', 'permissions']
const permissionFields = [...baseFields, 'permissionKey', 'description', 'plugin']
const tokenFields = [
  'accessToken',
  'token',
  'refreshToken',
  'expiresIn',
  'user',
  'access_token',
  'refresh_token',
  'token_type'
]

let count = 0

/** The six rows of a resource: a record is made, read, changed both ways and removed. */
export function crudWalks(
  path: string,
  fields: readonly string[],
  make: (n: number, place: Place) => object | Promise<object>
): Record<string, Walk> {
  const created = async (place: Place) => {
    const answer = await place.admin.api('POST', path, await make(++count, place))
    return checked(answer, 201, fields)
  }
  return {
    [`GET /api${path}`]: async (place) => {
      const { id } = await created(place)
      const answer = await place.admin.api('GET', path)
      assert.equal(answer.status, 200)
      assertFields(
        answer.body.find((record: { id: string }) => record.id === id),
        fields
      )
      assert.equal(answer.headers.get('x-total-count'), String(answer.body.length))
    },
    [`POST /api${path}`]: async (place) => {
      const answer = await place.admin.api('POST', path, await make(++count, place))
      const { id, version } = checked(answer, 201, fields)
      assert.equal(version, 1)
      assert.equal(answer.headers.get('location'), `/api${path}/${id}`)
    },
    [`GET /api${path}/:id`]: async (place) => {
      const { id } = await created(place)
      assert.equal(checked(await place.admin.api('GET', `${path}/${id}`), 200, fields).id, id)
    },
    [`PATCH /api${path}/:id`]: async (place) => {
      const made = await created(place)
      const [field, value] = Object.entries(await make(++count, place))[0] as [string, unknown]
      const patched = checked(
        await place.admin.api('PATCH', `${path}/${made.id}`, { [field]: value }),
        200,
        fields
      )
      assert.equal(patched.version, 2)
      assert.deepEqual(patched[field], value)
    },
    [`PUT /api${path}/:id`]: async (place) => {
      const made = await created(place)
      const data = await make(++count, place)
      const updated = checked(await place.admin.api('PUT', `${path}/${made.id}`, data), 200, fields)
      assert.equal(updated.version, 2)
      for (const [field, value] of Object.entries(data)) assert.deepEqual(updated[field], value)
    },
    [`DELETE /api${path}/:id`]: async (place) => {
      const { id } = await created(place)
      assert.equal(checked(await place.admin.api('DELETE', `${path}/${id}`), 200, fields).id, id)
      assert.equal((await place.admin.api('GET', `${path}/${id}`)).status, 404)
    }
  }
}

export function checked({ status, body }: Answer, code: number, fields: readonly string[]): any {
  assert.equal(status, code, JSON.stringify(body))
  assertFields(body, fields)
  return body
}

/** A changed record's event, whole and without a record, as somebody who may read it and somebody who may not hear it. */
export function changedWalk(
  path: string,
  event: string,
  make: (n: number, place: Place) => object | Promise<object>
): Walk {
  return async (place) => {
    const data = await make(++count, place)
    const person = await place.person()
    await place.platform.drain()
    const [reader, stranger] = await Promise.all([place.admin.socket(), person.socket()])
    const [rich, tick] = [nextEvent(reader, event), nextEvent(stranger, event)]
    const { id } = checked(await place.admin.api('POST', path, data), 201, ['id'])
    assertFields(await rich, ['id', 'action', 'seq', 'at', 'version', 'record'])
    assert.equal((await rich).id, id)
    assert.deepEqual(await tick, { id })
  }
}

const page =
  (path: string, type: RegExp): Walk =>
  async (place) => {
    const { status, headers, body } = await place.platform.api('GET', path)
    assert.equal(status, 200)
    assert.match(headers.get('content-type') ?? '', type)
    if (/json/.test(type.source)) assertFields(body, ['info'])
    else assert.match(body, /<html/i)
  }

const login = async (place: Place): Promise<any> => {
  const { email } = await place.person()
  return checked(await place.platform.api('POST', '/auth/login', { email, password }), 200, tokenFields)
}

const user = (n: number): object => ({ email: `row-${n}@example.org`, firstName: 'Row' })
const role = (n: number): object => ({ label: `Row ${n}`, permissions: ['users:read'] })
const permission = (n: number): object => ({ permissionKey: `rows:verb${n}`, description: 'Of this test' })

export const coreWalks: Readonly<Record<string, Walk>> = {
  'GET /': async ({ platform }) => {
    const json = await fetch(`${platform.url}/`, { headers: { accept: 'application/json' } })
    assertFields(await json.json(), ['name', 'version', 'status'])
    const html = await fetch(`${platform.url}/`, { headers: { accept: 'text/html' } })
    assert.match(await html.text(), /<html/i)
  },
  'GET /api/health': async ({ platform }) => {
    const body = checked(await platform.api('GET', '/health'), 200, [
      'status',
      'uptime',
      'startedAt',
      'version'
    ])
    assert.equal(body.status, 'ok')
  },
  'GET /api/health/ready': async ({ platform }) => {
    assert.deepEqual(checked(await platform.api('GET', '/health/ready'), 200, []), { ready: true })
  },
  'GET /api/status': async ({ admin }) => {
    const fields = ['uptime', 'plugins', 'cameras', 'jobs', 'activeProcesses', 'runningJobs', 'ffmpegVersion']
    const body = checked(await admin.api('GET', '/status'), 200, fields)
    assert.equal(body.plugins.recorder.state, 'running')
  },
  'GET /api/settings': async ({ admin }) => {
    assert.equal(checked(await admin.api('GET', '/settings'), 200, ['notebook.colour'])['notebook.lines'], 30)
  },
  'PATCH /api/settings': async ({ admin }) => {
    const body = checked(await admin.api('PATCH', '/settings', { 'notebook.colour': 'yellow' }), 200, [])
    assert.equal(body['notebook.colour'], 'yellow')
  },
  'POST /api/auth/login': async (place) => {
    const { user: signedIn } = await login(place)
    assertFields(signedIn, userFields)
  },
  'POST /api/auth/refresh': async (place) => {
    const { refreshToken } = await login(place)
    checked(await place.platform.api('POST', '/auth/refresh', { refreshToken }), 200, tokenFields)
  },
  'POST /api/auth/logout': async (place) => {
    const person = await place.person()
    assert.deepEqual(checked(await person.api('POST', '/auth/logout'), 200, []), { success: true })
    assert.equal((await person.api('GET', '/auth/me')).status, 401)
  },
  'GET /api/auth/me': async (place) => {
    assert.equal(checked(await place.admin.api('GET', '/auth/me'), 200, userFields).id, place.admin.id)
  },
  'POST /api/auth/verify': async (place) => {
    const body = checked(
      await place.platform.api('POST', '/auth/verify', { token: place.admin.token }),
      200,
      ['valid', 'user', 'exp']
    )
    assert.equal(body.valid, true)
  },
  'POST /api/auth/change-password': async (place) => {
    const person = await place.person()
    const body = { currentPassword: password, newPassword: 'another fine password' }
    assert.deepEqual(checked(await person.api('POST', '/auth/change-password', body), 200, []), {
      success: true
    })
  },
  'POST /api/authentication': async (place) => {
    const { email } = await place.person()
    const answer = await place.platform.api('POST', '/authentication', { strategy: 'local', email, password })
    checked(answer, answer.status === 201 ? 201 : 200, ['accessToken', 'user', 'authentication'])
  },
  'GET /api/docs': page('/docs', /text\/html/),
  'GET /api/redoc': page('/redoc', /text\/html/),
  'GET /api/openapi.json': page('/openapi.json', /application\/(?:[\w.]+\+)?json/),
  'GET /api/asyncapi.json': page('/asyncapi.json', /application\/(?:[\w.]+\+)?json/),
  'GET /.well-known/signalbox.json': async ({ platform }) => {
    const response = await fetch(`${platform.url}/.well-known/signalbox.json`)
    assert.equal(response.status, 200)
    const manifest = (await response.json()) as { resources: object }
    assert.ok(JSON.stringify(manifest.resources).includes('"cameras"'))
  },
  'GET /api/changes': async ({ admin, platform }) => {
    await platform.drain()
    const { changes, next } = checked(await admin.api('GET', '/changes?since=0&limit=5'), 200, [
      'changes',
      'next'
    ])
    assert.equal(changes.length, 5)
    assert.equal(next, 5)
    for (const change of changes)
      assertFields(change, ['seq', 'resource', 'recordId', 'action', 'actor', 'at'])
  },
  ...crudWalks('/users', userFields, user),
  ...crudWalks('/roles', roleFields, role),
  ...crudWalks('/permissions', permissionFields, permission),
  'event user-changed': changedWalk('/users', 'user-changed', user),
  'event role-changed': changedWalk('/roles', 'role-changed', role),
  'event settings-changed': async (place) => {
    const stranger = await (await place.person()).socket()
    const heard = nextEvent(stranger, 'settings-changed')
    await place.admin.api('PATCH', '/settings', { 'notebook.lines': 40 })
    assert.deepEqual(await heard, { key: 'notebook.lines' })
  }
}
