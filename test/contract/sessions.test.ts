import assert from 'node:assert/strict'
import { call, cut, fails, onEachDatabase, type Person } from './support.ts'

interface Listed {
  readonly id: string
  readonly current: boolean
}

onEachDatabase('Sessions of one’s own', [], (place) => {
  const again = ({ email }: Person): Promise<Person> => place.signIn({ email })
  const listOf = async (person: Person): Promise<Listed[]> => (await person.api('GET', '/auth/sessions')).body
  const currentOf = async (person: Person): Promise<string> =>
    (await listOf(person)).find(({ current }) => current)?.id ?? ''
  const isSignedIn = async (person: Person): Promise<boolean> =>
    (await person.api('GET', '/auth/me')).status === 200

  it('are listed with where they come from, and say which of them asks', async () => {
    const person = await place.person()
    const elsewhere = await again(person)
    const { status, body } = await person.api('GET', '/auth/sessions')
    assert.equal(status, 200)
    assert.equal(body.length, 2)
    for (const session of body) {
      assert.deepEqual(Object.keys(session).toSorted(), [
        'address',
        'createdAt',
        'current',
        'expiresAt',
        'id',
        'lastUsedAt',
        'userAgent'
      ])
      assert.match(session.address, /127\.0\.0\.1|::1/)
      assert.equal(typeof session.userAgent, 'string')
      assert.ok(Date.parse(session.lastUsedAt) <= Date.now() + 1000)
      assert.ok(Date.parse(session.expiresAt) > Date.now())
    }
    assert.equal(body.filter(({ current }: Listed) => current).length, 1)
    assert.notEqual(await currentOf(person), await currentOf(elsewhere))
    await fails(place.platform.api('GET', '/auth/sessions'), 401)
  })

  it('say when they were last refreshed, and come in that order', async () => {
    const person = await place.person()
    await again(person)
    const before = (await listOf(person)).map(({ id }) => id)
    assert.equal(before[1], await currentOf(person))
    await place.platform.api('POST', '/auth/refresh', { refreshToken: person.refreshToken })
    assert.deepEqual(
      (await listOf(person)).map(({ id }) => id),
      before.toReversed()
    )
  })

  it('are ended one by one, with their sockets', async () => {
    const person = await place.person()
    const elsewhere = await again(person)
    const [socket, other] = [await person.socket(), await elsewhere.socket()]
    const ended = cut(other)
    const { body } = await person.api('POST', '/auth/end-session', { id: await currentOf(elsewhere) })
    assert.deepEqual(body, { success: true })
    await ended
    assert.equal(await isSignedIn(elsewhere), false)
    assert.equal((await call(socket, 'me', 'auth', {})).result.id, person.id)
    assert.equal((await listOf(person)).length, 1)
    await fails(place.platform.api('POST', '/auth/refresh', { refreshToken: elsewhere.refreshToken }), 401)
  })

  it('are nobody else’s to end, not even an administrator’s by this way', async () => {
    const [person, other] = [await place.person(), await place.person()]
    const id = await currentOf(other)
    await fails(person.api('POST', '/auth/end-session', { id }), 404)
    await fails(place.admin.api('POST', '/auth/end-session', { id }), 404)
    for (const body of [{}, { id: 5 }, { id: '' }])
      await fails(person.api('POST', '/auth/end-session', body), 400)
    assert.ok(await isSignedIn(other))
  })

  it('end everywhere at once, or everywhere else', async () => {
    const person = await place.person()
    const [one, other] = [await again(person), await again(person)]
    assert.equal((await person.api('POST', '/auth/logout-everywhere', { others: true })).status, 200)
    assert.ok(await isSignedIn(person))
    for (const gone of [one, other]) assert.equal(await isSignedIn(gone), false)
    const [socket, back] = [await person.socket(), await again(person)]
    const ended = cut(socket)
    assert.equal((await back.api('POST', '/auth/logout-everywhere')).status, 200)
    await ended
    for (const gone of [person, back]) assert.equal(await isSignedIn(gone), false)
  })

  it('answer the socket that ends its own, before it is cut', async () => {
    for (const method of ['logout', 'logoutEverywhere']) {
      const socket = await (await place.person()).socket()
      const ended = cut(socket)
      assert.deepEqual((await call(socket, method, 'auth', {})).result, { success: true })
      await ended
    }
  })

  it('are ended by an administrator for somebody, and by nobody who may not', async () => {
    const [person, other] = [await place.person(), await place.person('operator')]
    const elsewhere = await again(person)
    const socket = await elsewhere.socket()
    for (const refused of [other, person]) {
      await fails(refused.api('POST', `/users/${person.id}/end-sessions`), 403)
    }
    const ended = cut(socket)
    assert.equal((await place.admin.api('POST', `/users/${person.id}/end-sessions`)).status, 200)
    await ended
    for (const gone of [person, elsewhere]) assert.equal(await isSignedIn(gone), false)
    assert.ok(await isSignedIn(other))
    await again(person)
    await fails(place.admin.api('POST', '/users/nobody/end-sessions'), 404)
  })
})
