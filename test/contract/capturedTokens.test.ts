import assert from 'node:assert/strict'
import type { Socket } from 'socket.io-client'
import { nextEvent } from '../support/nextEvent.ts'
import { notebook } from './notebook.ts'
import { call, connected, cut, listen, onEachDatabase, password, type Person, type Place } from './support.ts'

/** Somebody whose token a thief has, and an open socket that the thief holds. */
interface Victim extends Person {
  readonly stolen: string
}

interface Way {
  readonly name: string
  /** What the thief is answered afterwards: not known at all, or known and not permitted. */
  readonly code: 401 | 403
  readonly withdraw: (place: Place, victim: Victim) => Promise<{ readonly status: number }>
  /** The thief has a key and not a token. */
  readonly byKey?: boolean
}

const ways: readonly Way[] = [
  { name: 'the log-out', code: 401, withdraw: (_, victim) => victim.api('POST', '/auth/logout') },
  {
    name: 'a log-out everywhere from elsewhere',
    code: 401,
    withdraw: async (place, { email }) =>
      (await place.signIn({ email })).api('POST', '/auth/logout-everywhere')
  },
  {
    name: 'the end of the session from elsewhere',
    code: 401,
    withdraw: async (place, { email }) => {
      const elsewhere = await place.signIn({ email })
      const { body } = await elsewhere.api('GET', '/auth/sessions')
      const other = body.find(({ current }: { current: boolean }) => !current)
      return elsewhere.api('POST', '/auth/end-session', { id: other.id })
    }
  },
  {
    name: 'the end of all sessions by an administrator',
    code: 401,
    withdraw: ({ admin }, { id }) => admin.api('POST', `/users/${id}/end-sessions`)
  },
  {
    name: 'the suspension of the account',
    code: 401,
    withdraw: ({ admin }, { id }) => admin.api('PATCH', `/users/${id}`, { status: 'suspended' })
  },
  {
    name: 'the removal of the account',
    code: 401,
    withdraw: ({ admin }, { id }) => admin.api('DELETE', `/users/${id}`)
  },
  {
    name: 'a change of the password by its owner, elsewhere',
    code: 401,
    withdraw: async (place, { email }) => {
      const elsewhere = await place.signIn({ email })
      const newPassword = 'another fine password'
      return elsewhere.api('POST', '/auth/change-password', { currentPassword: password, newPassword })
    }
  },
  {
    name: 'a change of the password by an administrator',
    code: 401,
    withdraw: ({ admin }, { id }) => admin.api('PATCH', `/users/${id}`, { password: 'another fine password' })
  },
  {
    name: 'the loss of the role',
    code: 403,
    withdraw: ({ admin }, { id }) => admin.api('PATCH', `/users/${id}`, { role: null })
  },
  {
    name: 'a deny',
    code: 403,
    withdraw: ({ admin }, { id }) =>
      admin.api('POST', '/grants', {
        subjectType: 'user',
        subjectId: id,
        permission: 'roles:read',
        effect: 'deny'
      })
  },
  {
    name: 'the revocation of the key',
    code: 401,
    byKey: true,
    withdraw: async ({ admin }, { id }) => {
      const { body } = await admin.api('GET', `/api-keys?userId=${id}`)
      return admin.api('DELETE', `/api-keys/${body[0].id}`)
    }
  }
]

onEachDatabase('A captured token is of no use after', [notebook], (place) => {
  before(async () => {
    await place.admin.api('POST', '/roles', { id: 'reader', label: 'Reader', permissions: ['roles:read'] })
  })

  const victimOf = async ({ byKey }: Way): Promise<Victim> => {
    const person = await place.person('reader')
    if (!byKey) return { ...person, stolen: person.token }
    const { body } = await place.admin.api('POST', '/api-keys', { name: 'Stolen', userId: person.id })
    return { ...person, stolen: body.key }
  }
  const thief = (stolen: string): Promise<Socket> => connected(place.platform.unconnected({ token: stolen }))
  const read = (stolen: string) =>
    place.platform.api('GET', '/roles', undefined, { authorization: `Bearer ${stolen}` })

  for (const way of ways) {
    it(`${way.name}: neither over REST, nor on a new socket, nor on an open one`, async () => {
      const victim = await victimOf(way)
      const { stolen } = victim
      const [socket, other] = [await thief(stolen), await thief(stolen)]
      assert.equal((await read(stolen)).status, 200)
      assert.equal((await call(socket, 'find', 'roles')).error, null)

      const heard = [listen(socket), listen(other)]
      const { status } = await way.withdraw(place, victim)
      assert.ok(status === 200 || status === 201, String(status))

      await place.fails(() => read(stolen), way.code)
      if (way.code === 401) {
        await assert.rejects(thief(stolen), { message: 'Unauthorized' })
        await Promise.all([cut(socket), cut(other)])
      } else {
        const late = await thief(stolen)
        for (const one of [socket, late]) assert.equal((await call(one, 'find', 'roles')).error.code, 403)
      }
      const told = nextEvent(await place.admin.socket(), 'roles created')
      const label = `After ${way.name}`
      await place.admin.api('POST', '/roles', { label })
      await told
      const leaked = heard.flat().filter(({ payload }) => JSON.stringify(payload ?? null).includes(label))
      assert.deepEqual(leaked, [])
    })
  }

  it('the suspension, even where the call was on its way', async () => {
    const victim = await victimOf({ name: '', code: 401, withdraw: async () => ({ status: 200 }) })
    const socket = await thief(victim.stolen)
    const calls = Array.from({ length: 50 }, () => call(socket, 'find', 'roles'))
    const [answers] = await Promise.all([
      Promise.all(calls),
      place.admin.api('PATCH', `/users/${victim.id}`, { status: 'suspended' })
    ])
    for (const { error } of answers) assert.ok(error === null || error.code === 401)
    await cut(socket)
  })
})
