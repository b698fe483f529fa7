import assert from 'node:assert/strict'
import { recorder } from '@signalbox/recorder'
import { nextEvent } from '../support/nextEvent.ts'
import { assertFailure, call, cut, fails, onEachDatabase, password } from './support.ts'

onEachDatabase('Rights', [recorder], (place) => {
  it('gives a user without a role their own account and no more', async () => {
    const person = await place.person()
    const socket = await person.socket()
    const { body: own } = await person.api('GET', `/users/${person.id}`)
    assert.equal(own.id, person.id)
    assert.deepEqual((await person.api('GET', '/users')).body, [own])
    assert.deepEqual((await call(socket, 'find', 'users', { role: 'admin' })).result, [])
    assert.equal(
      (await person.api('PATCH', `/users/${person.id}`, { firstName: 'Kim' })).body.firstName,
      'Kim'
    )
    await fails(person.api('GET', `/users/${place.admin.id}`), 404)
    await fails(person.api('PATCH', `/users/${place.admin.id}`, { firstName: 'Kim' }), 404)
    for (const change of [
      { role: 'viewer' },
      { role: 'admin' },
      { status: 'suspended' },
      { password: 'a fine password' }
    ]) {
      await fails(person.api('PATCH', `/users/${person.id}`, change), 403)
      await fails(person.api('PUT', `/users/${person.id}`, { email: person.email, ...change }), 403)
    }
    const { body: now } = await person.api('GET', `/users/${person.id}`)
    const put = await person.api('PUT', `/users/${person.id}`, { ...now, lastName: 'Lee' })
    assert.equal(put.status, 200, JSON.stringify(put.body))
    assert.deepEqual(
      [put.body.lastName, put.body.firstName, put.body.role, put.body.status],
      ['Lee', 'Kim', null, 'active']
    )
    await fails(person.api('DELETE', `/users/${person.id}`), 403)
    await fails(person.api('POST', '/users', { email: 'new@example.org' }), 403)
    for (const path of ['/cameras', '/jobs', '/roles', '/permissions', '/grants', '/settings', '/status']) {
      await fails(person.api('GET', path), 403)
    }
    assertFailure((await call(socket, 'find', 'cameras', {})).error, 403)
    const { error } = await call(socket, 'subscribe:logs', 'some-job')
    assert.equal(error.error, 'Forbidden')
  })

  it('keeps a viewer’s PUT of their own account from changing their role', async () => {
    const viewer = await place.person('viewer')
    const { status, body } = await viewer.api('PUT', `/users/${viewer.id}`, {
      email: viewer.email,
      firstName: 'Kim'
    })
    assert.equal(status, 200, JSON.stringify(body))
    assert.equal(body.role, 'viewer')
  })

  it('gives viewers and operators what the contract gives them', async () => {
    const [viewer, operator] = [await place.person('viewer'), await place.person('operator')]
    for (const path of ['/cameras', '/jobs', '/status']) {
      assert.equal((await viewer.api('GET', path)).status, 200, path)
      assert.equal((await operator.api('GET', path)).status, 200, path)
    }
    const { body: camera } = await place.admin.api('POST', '/cameras', {
      name: 'Yard',
      protocol: 'test',
      enabled: false
    })
    const { body: job } = await place.admin.api('POST', '/jobs', { name: 'Yard', cameraId: camera.id })
    for (const somebody of [viewer, operator]) {
      await fails(somebody.api('POST', '/cameras', { name: 'x', protocol: 'test' }), 403)
      await fails(somebody.api('PATCH', `/cameras/${camera.id}`, { name: 'x' }), 403)
      await fails(somebody.api('DELETE', `/jobs/${job.id}`), 403)
      await fails(somebody.api('GET', '/roles'), 403)
      await fails(somebody.api('GET', '/settings'), 403)
      assert.deepEqual((await somebody.api('GET', '/users')).body.length, 1)
    }
    await fails(viewer.api('POST', `/jobs/${job.id}/start`), 403)
    await fails(viewer.api('POST', `/cameras/${camera.id}/test`), 403)
    await fails(operator.api('POST', `/jobs/${job.id}/start`), 409)
  })

  it('lets nobody give rights that they do not hold, or take over who holds more', async () => {
    const permissions = ['users:*', 'roles:*', 'grants:*']
    await place.admin.api('POST', '/roles', { id: 'clerk', label: 'Clerk', permissions })
    const clerk = await place.person('clerk')
    const guest = await place.person()
    await fails(clerk.api('POST', '/users', { email: 'boss@example.org', role: 'admin' }), 403)
    await fails(clerk.api('PATCH', `/users/${clerk.id}`, { role: 'admin' }), 403)
    await fails(clerk.api('PUT', `/users/${guest.id}`, { email: guest.email, role: 'operator' }), 403)
    await fails(clerk.api('POST', '/roles', { label: 'Boss', permissions: ['*'] }), 403)
    await fails(clerk.api('POST', '/roles', { label: 'Boss', permissions: ['cameras:create'] }), 403)
    await fails(clerk.api('PATCH', '/roles/clerk', { permissions: [...permissions, 'cameras:*'] }), 403)
    const grant = { subjectType: 'user', subjectId: guest.id, permission: 'cameras:create' }
    await fails(clerk.api('POST', '/grants', grant), 403)
    await fails(
      clerk.api('POST', '/grants', { ...grant, subjectId: clerk.id, permission: 'users:read' }),
      403
    )
    for (const change of [
      { password: 'a fine password' },
      { email: 'mine@example.org' },
      { status: 'archived' }
    ]) {
      await fails(clerk.api('PATCH', `/users/${place.admin.id}`, change), 403)
    }
    assert.equal((await place.admin.api('POST', '/grants', grant)).status, 201)
    await fails(clerk.api('PATCH', `/users/${guest.id}`, { password: 'a fine password' }), 403)
    assert.equal((await guest.api('POST', '/cameras', { name: 'Granted', protocol: 'test' })).status, 201)
    assert.equal(
      (await clerk.api('POST', '/users', { email: 'colleague@example.org', role: 'clerk' })).status,
      201
    )
    await fails(clerk.api('POST', '/roles', { label: 'Odd', permissions: ['nothing:read'] }), 400)
    await fails(place.admin.api('POST', '/users', { email: 'odd@example.org', role: 'nothing' }), 400)
  })

  it('keeps the last active administrator', async () => {
    const { id } = place.admin
    await fails(place.admin.api('DELETE', `/users/${id}`), 409)
    for (const change of [
      { role: 'viewer' },
      { role: null },
      { status: 'suspended' },
      { status: 'archived' }
    ]) {
      await fails(place.admin.api('PATCH', `/users/${id}`, change), 409)
    }
    await fails(place.admin.api('PUT', `/users/${id}`, { email: 'admin@example.org' }), 409)
    await fails(place.admin.api('PATCH', '/roles/admin', { permissions: [] }), 409)
    await fails(place.admin.api('DELETE', '/roles/admin'), 409)
    const second = await place.person('admin')
    const answers = await Promise.all([
      place.admin.api('PATCH', `/users/${second.id}`, { role: 'viewer' }),
      second.api('PATCH', `/users/${second.id}`, { status: 'active' })
    ])
    assert.equal(answers[0].status, 200, JSON.stringify(answers[0].body))
    assert.equal((await place.admin.api('GET', `/users/${id}`)).body.role, 'admin')
  })

  it('does not delete a role in use, nor a permission that a plugin declares', async () => {
    await place.admin.api('POST', '/roles', { id: 'guard', label: 'Guard' })
    const guard = await place.person('guard')
    await fails(place.admin.api('DELETE', '/roles/guard'), 409)
    assert.equal((await place.admin.api('PATCH', `/users/${guard.id}`, { role: null })).status, 200)
    assert.equal((await place.admin.api('DELETE', '/roles/guard')).status, 200)
    const { body } = await place.admin.api('GET', '/permissions?permissionKey=cameras:read')
    await fails(place.admin.api('DELETE', `/permissions/${body[0].id}`), 409)
  })

  it('takes a suspended user’s access away at once, open sockets too', async () => {
    const person = await place.person('viewer')
    const socket = await person.socket()
    assert.equal((await call(socket, 'find', 'cameras', { $limit: 0 })).error, null)
    const ended = cut(socket)
    assert.equal((await place.admin.api('PATCH', `/users/${person.id}`, { status: 'suspended' })).status, 200)
    await place.fails(() => person.api('GET', '/cameras'), 401)
    await ended
    await fails(place.platform.api('POST', '/auth/refresh', { refreshToken: person.refreshToken }), 401)
    await fails(place.platform.api('POST', '/auth/login', { email: person.email, password }), 401)
    await place.admin.api('PATCH', `/users/${person.id}`, { status: 'active' })
    await fails(person.api('GET', '/cameras'), 401)
    assert.equal(
      (await place.platform.api('POST', '/auth/login', { email: person.email, password })).status,
      200
    )
  })

  it('cuts the sockets of a user who is removed', async () => {
    const person = await place.person('viewer')
    const ended = cut(await person.socket())
    assert.equal((await place.admin.api('DELETE', `/users/${person.id}`)).status, 200)
    await ended
    await fails(person.api('GET', '/cameras'), 401)
  })

  it('re-joins open sockets when a role, a grant or a role’s permissions change', async () => {
    const person = await place.person()
    const socket = await person.socket()
    const rename = async (name: string) => {
      const heard = nextEvent(socket, 'camera-changed', {
        matches: ({ record }) => record === undefined || record.name === name
      })
      await place.admin.api('POST', '/cameras', { name, protocol: 'test' })
      return heard
    }
    const changed = async (method: string, path: string, body?: object) => {
      const announced = nextEvent(
        await watcher,
        /users/.test(path) ? 'user-changed' : /roles/.test(path) ? 'role-changed' : 'grant-changed'
      )
      const answer = await place.admin.api(method, path, body)
      assert.ok(answer.status < 300, JSON.stringify(answer.body))
      await announced
      return answer.body
    }
    const watcher = place.admin.socket()
    assert.deepEqual(Object.keys(await rename('One')), ['id'])
    await changed('PATCH', `/users/${person.id}`, { role: 'viewer' })
    assert.equal((await rename('Two')).action, 'created')
    await changed('PATCH', `/users/${person.id}`, { role: null })
    assertFailure((await call(socket, 'find', 'cameras', {})).error, 403)
    assert.deepEqual(Object.keys(await rename('Three')), ['id'])
    const grant = await changed('POST', '/grants', {
      subjectType: 'user',
      subjectId: person.id,
      permission: 'cameras:read'
    })
    assert.equal((await rename('Four')).action, 'created')
    await changed('DELETE', `/grants/${grant.id}`)
    assert.deepEqual(Object.keys(await rename('Five')), ['id'])
    await changed('POST', '/roles', { id: 'looker', label: 'Looker', permissions: ['cameras:read'] })
    await changed('PATCH', `/users/${person.id}`, { role: 'looker' })
    assert.equal((await rename('Six')).action, 'created')
    await changed('PATCH', '/roles/looker', { permissions: [] })
    assertFailure((await call(socket, 'find', 'cameras', {})).error, 403)
    assert.deepEqual(Object.keys(await rename('Seven')), ['id'])
  })
})
