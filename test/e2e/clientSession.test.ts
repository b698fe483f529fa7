import assert from 'node:assert/strict'
import { createClient, type ClientOf, type Tokens, type TokenStore } from '@signalbox/client'
import { recorder } from '@signalbox/recorder'
import { core, recorderPart } from '../support/clientParts.ts'
import { noUnhandledRejections } from '../support/noUnhandledRejections.ts'
import { startTestPlatform, type TestPlatform } from '../support/startTestPlatform.ts'
import { until } from '../support/until.ts'

const parts = [core, recorderPart] as const
type TestedClient = ClientOf<typeof parts>
type Options = Partial<Parameters<typeof createClient>[0]>

const password = 'correct horse battery'
const accessSeconds = 2

describe('The client’s session', function () {
  this.timeout(60_000)
  noUnhandledRejections()
  let platform: TestPlatform
  let adminKey: string
  let keyed: TestedClient
  let admin: TestedClient
  let people = 0
  const open: { close(): void }[] = []

  before(async () => {
    platform = await startTestPlatform({ plugins: [recorder()], tokens: { accessSeconds, graceSeconds: 1 } })
    const { id, api } = await platform.admin()
    const { body } = await api('POST', '/api-keys', { name: 'Tests', userId: id })
    adminKey = body.key
    admin = createClient({ url: platform.url, parts })
    await admin.signIn({ email: 'admin@example.org', password })
  })
  beforeEach(() => {
    keyed = clientOf({ apiKey: adminKey })
  })
  afterEach(() => open.splice(0).forEach((one) => one.close()))
  after(async () => {
    admin?.close()
    await platform?.stop()
  })

  const clientOf = (options: Options = {}): TestedClient => {
    const made = createClient({ url: platform.url, ...options, parts })
    open.push(made)
    return made
  }
  const person = async (role = 'viewer'): Promise<{ id: string; email: string; password: string }> => {
    const email = `person-${++people}@example.org`
    const { id } = await admin.users.create({ email, password, role })
    return { id, email, password }
  }
  /** Counts what is asked, by path. */
  const counting = () => {
    const asked: string[] = []
    const counted: typeof fetch = (address, init) => {
      asked.push(new URL(address as string).pathname)
      return fetch(address, init)
    }
    return { asked, fetch: counted }
  }
  const runsOut = async (store: TokenStore): Promise<void> => {
    const { accessToken = '' } = (await store.get()) ?? {}
    const { exp } = JSON.parse(Buffer.from(accessToken.split('.')[1] ?? '', 'base64url').toString())
    await until('the token to run out', () => Date.now() > exp * 1000 + 50)
  }
  const kept = (): TokenStore & { held: Tokens | undefined } => {
    const store = {
      held: undefined as Tokens | undefined,
      get: async () => store.held,
      set: async (tokens: Tokens | undefined) => (store.held = tokens)
    }
    return store
  }

  it('begins with a password and says who it is', async () => {
    const { id, email } = await person()
    const session = kept()
    const client = clientOf({ session })
    const heard: (string | undefined)[] = []
    client.session.onChange((user) => heard.push(user?.email))
    await assert.rejects(client.signIn({ email, password: 'wrong' }), { code: 'unauthorized' })
    const known = (): string | undefined => client.session.user?.email
    assert.equal(known(), undefined)
    const user = await client.signIn({ email, password })
    assert.equal(user.id, id)
    assert.equal(known(), email)
    assert.deepEqual(Object.keys(session.held ?? {}), ['accessToken', 'refreshToken'])
    const later = clientOf({ session })
    assert.equal(later.session.user, undefined)
    assert.equal((await later.session.load())?.id, id)
    await client.signOut()
    assert.equal(session.held, undefined)
    assert.deepEqual(heard, [email, undefined])
    assert.equal(await later.session.load(), undefined)
    await assert.rejects(later.cameras.find(), { code: 'unauthorized' })
  })

  it('is ended at the platform by signing out, also when the access token has run out', async () => {
    const { email } = await person()
    const session = kept()
    const client = clientOf({ session })
    await client.signIn({ email, password })
    const held = session.held as Tokens
    await runsOut(session)
    await client.signOut()
    assert.equal(session.held, undefined)
    const { status } = await platform.api('POST', '/auth/refresh', { refreshToken: held.refreshToken })
    assert.equal(status, 401)
  })

  it('is refreshed once for all calls that need it', async () => {
    const { email } = await person()
    const { asked, fetch } = counting()
    const session = kept()
    const client = clientOf({ session, fetch })
    await client.signIn({ email, password, rememberMe: true })
    const first = session.held?.accessToken
    await runsOut(session)
    const found = await Promise.all(Array.from({ length: 20 }, () => client.cameras.find()))
    assert.equal(found.length, 20)
    assert.equal(asked.filter((path) => path.endsWith('/auth/refresh')).length, 1)
    assert.notEqual(session.held?.accessToken, first)
    await client.cameras.find()
    assert.equal(asked.filter((path) => path.endsWith('/auth/refresh')).length, 1)
  })

  it('is shared by tabs that share a store, whoever refreshes first', async () => {
    const { email } = await person()
    const session = kept()
    const tabs = [clientOf({ session }), clientOf({ session }), clientOf({ session })]
    await tabs[0]?.signIn({ email, password })
    for (let round = 0; round < 2; round++) {
      await runsOut(session)
      await Promise.all(tabs.flatMap((tab) => [tab.cameras.find(), tab.cameras.find()]))
    }
    assert.equal((await tabs[2]?.session.load())?.email, email)
  })

  it('outlives a refresh whose answer was lost', async () => {
    const { email } = await person()
    const session = kept()
    let lost = 0
    const client = clientOf({
      session,
      fetch: async (...values) => {
        const response = await fetch(...values)
        if (lost >= 2 || !String(values[0]).endsWith('/auth/refresh')) return response
        lost++
        if (lost === 1) throw new TypeError('the connection broke')
        // The second answer never comes.
        return new Promise((_, reject) => {
          const { signal } = values[1] as { signal: AbortSignal }
          signal.addEventListener('abort', () => reject(signal.reason as Error))
        })
      }
    })
    await client.signIn({ email, password })
    await runsOut(session)
    await client.cameras.find()
    assert.equal(lost, 2)
  })

  it('is over when the platform says so, and then nobody is signed in', async () => {
    const { id, email } = await person()
    const session = kept()
    const client = clientOf({ session })
    await client.signIn({ email, password })
    const ended = new Promise((resolve) => client.session.onChange(resolve))
    const live = client.cameras.live()
    await live.ready
    await admin.users.endSessions(id)
    assert.equal(await ended, undefined)
    await until('the refusal', () => client.connection.state === 'refused')
    assert.equal(client.connection.error?.code, 'unauthorized')
    await assert.rejects(client.cameras.find(), { code: 'unauthorized' })
    await assert.rejects(client.connection.connect(), { code: 'unauthorized' })
    await assert.rejects(client.send('subscribe:logs', 'x'), { code: 'unauthorized' })
    await until('the list to be empty', () => live.error?.code === 'unauthorized')
    assert.deepEqual([live.records, live.current], [[], false])
    assert.equal(session.held, undefined)
    await client.signIn({ email, password })
    await until('the list', () => live.current)
    assert.equal(live.error, undefined)
  })

  it('keeps the connection through access tokens that run out', async () => {
    const { email } = await person()
    const session = kept()
    const client = clientOf({ session })
    await client.signIn({ email, password })
    const states: string[] = []
    client.connection.onChange((state) => states.push(state))
    const heard: (string | undefined)[] = []
    client.cameras.on('camera-changed', ({ record }) => heard.push(record?.name))
    await client.connection.connect()
    const names = ['First', 'Second', 'Third', 'Fourth']
    const ids: string[] = []
    for (const name of names) {
      ids.push((await keyed.cameras.create({ name, protocol: 'test' })).id)
      await until(name, () => heard.includes(name))
      await runsOut(session)
      await until('the next token', () => client.session.user && Date.now())
    }
    assert.deepEqual(heard, names)
    assert.deepEqual(states, ['connecting', 'connected'])
    for (const id of ids) await keyed.cameras.remove(id)
  })

  it('shows nothing of one person to the next', async () => {
    const [{ id: firstId, ...first }, { id: secondId, ...second }] = [await person(), await person()]
    await admin.grants.create({ subjectType: 'user', subjectId: firstId, permission: 'roles:read' })
    const client = clientOf()
    await client.signIn(first)
    const own = client.users.live()
    const roles = client.roles.live()
    assert.deepEqual(
      (await own.ready).map(({ id }) => id),
      [firstId]
    )
    assert.ok((await roles.ready).length > 0)
    const seen: (string | undefined)[] = []
    own.subscribe(() => seen.push(own.records[0]?.id))
    await client.signIn(second)
    await until('the other’s', () => own.current && own.records[0]?.id === secondId)
    assert.equal(seen.indexOf(undefined) < seen.indexOf(secondId), true, String(seen))
    await until('the refusal', () => roles.error?.code === 'forbidden')
    assert.deepEqual(roles.records, [])
    await client.signOut()
    await until('nothing', () => own.records.length === 0)
    const { id } = await keyed.roles.create({ label: 'Not for them' })
    await keyed.roles.remove(id)
    assert.deepEqual(roles.records, [])
  })

  it('is not needed by who has a key', async () => {
    const heard = keyed.cameras.events('created')
    await keyed.connection.connect()
    const { id } = await keyed.cameras.create({ name: 'By key', protocol: 'test' })
    assert.equal((await heard.next()).value.id, id)
    await keyed.cameras.remove(id)
    await assert.rejects(clientOf({ apiKey: 'sbk_nonsense' }).cameras.find(), { code: 'unauthorized' })
    await assert.rejects(clientOf({ apiKey: 'sbk_nonsense' }).connection.connect(), { code: 'unauthorized' })
  })

  it('is told of a platform that offers something else than the client was made for', async () => {
    const { hash } = (await (await fetch(`${platform.url}/.well-known/signalbox.json`)).json()) as {
      hash: string
    }
    let stale = 0
    const onStale = () => stale++
    const { asked, fetch: counted } = counting()
    const current = clientOf({ apiKey: adminKey, manifestHash: hash, onStale, fetch: counted })
    await current.connection.connect()
    await until('the second look', () => asked.length === 2)
    await current.cameras.find()
    assert.equal(stale, 0)
    clientOf({ manifestHash: '0'.repeat(32), onStale })
    await until('the difference', () => stale === 1)
    clientOf({ url: 'http://127.0.0.1:9', manifestHash: hash, onStale })
  })
})
