import assert from 'node:assert/strict'
import { once } from 'node:events'
import { definePlugin, defineService, type Context, type DoorSocket } from '@signalbox/plugin'
import type { Socket } from 'socket.io-client'
import { Type } from 'typebox'
import { WebSocket } from 'ws'
import { nextEvent } from '../support/nextEvent.ts'
import { until } from '../support/until.ts'
import { startTestPlatform, type TestClient, type TestPlatform } from '../support/startTestPlatform.ts'
import { call, connected, cut, password, type Reply } from './support.ts'

/** A service whose one method answers when the test says so. */
const waiting = defineService({
  path: 'waiting',
  description: 'Waits',
  methods: {
    wait: { description: 'Waits', on: 'collection', permission: 'signed-in', output: Type.Object({}) }
  }
})

type SignedIn = TestClient & { readonly email: string }

const accessSeconds = 3
const graceSeconds = 1

describe('An access token that runs out on an open socket', function () {
  this.timeout(60_000)
  const emails = Array.from({ length: 16 }, (_, n) => `person-${n}@example.org`)
  let platform: TestPlatform
  let adminKey: string
  let begun: () => void
  let release: () => void
  const guests: { readonly socket: DoorSocket; readonly notices: string[] }[] = []

  before(async () => {
    const waits = definePlugin({
      name: '@signalbox/waiting',
      version: '1.0.0',
      platform: '^1.0.0',
      services: [waiting],
      register(ctx) {
        ctx.handle(waiting, {
          wait: () =>
            new Promise((resolve) => {
              release = () => resolve({})
              begun()
            })
        })
      },
      start: async (ctx: Context) => {
        ctx.door({
          path: '/gate',
          onConnection: async (socket, { query }) => {
            const notices: string[] = []
            socket.onExpiring((expiresAt) => void notices.push(expiresAt))
            await socket.signIn(query.get('token') ?? undefined)
            guests.push({ socket, notices })
          }
        })
      }
    })
    platform = await startTestPlatform({ plugins: [waits()], tokens: { accessSeconds, graceSeconds } })
    const admin = await platform.admin()
    // All at once, for the administrator’s token is as short-lived as the others.
    await Promise.all(emails.map((email) => admin.api('POST', '/users', { email, password, role: 'viewer' })))
    const { body } = await admin.api('POST', '/api-keys', { name: 'Administrator', userId: admin.id })
    adminKey = body.key
  })

  after(() => platform?.stop())

  const person = async (email = emails.pop()): Promise<SignedIn> => {
    const { body } = await platform.api('POST', '/auth/login', { email, password })
    const { accessToken: token, refreshToken, user } = body
    const authorization = `Bearer ${token}`
    return {
      id: user.id,
      email: user.email,
      token,
      refreshToken,
      api: (method, path, data) => platform.api(method, path, data, { authorization }),
      socket: () => connected(platform.unconnected({ token }))
    }
  }
  const refreshed = async (refreshToken: string): Promise<{ accessToken: string; refreshToken: string }> =>
    (await platform.api('POST', '/auth/refresh', { refreshToken })).body
  const expiryOf = (token: string): number =>
    JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()).exp * 1000
  /** Emits a command and hears both its reply and its acknowledgement. */
  const renew = async (socket: Socket, input: unknown): Promise<Reply & { readonly event: any }> => {
    const replied = Promise.race([nextEvent(socket, 'auth:refreshed'), nextEvent(socket, 'error')])
    const reply = await call(socket, 'auth:refresh', input)
    return { ...reply, event: await replied }
  }

  it('is told before, and cuts the socket a grace period after', async () => {
    const client = await person()
    const socket = await client.socket()
    const ended = cut(socket)
    const expiresAt = expiryOf(client.token)
    assert.deepEqual(await nextEvent(socket, 'auth:expiring'), {
      expiresAt: new Date(expiresAt).toISOString()
    })
    assert.ok(Date.now() < expiresAt)
    assert.equal((await call(socket, 'me', 'auth', {})).result.id, client.id)
    await ended
    const late = Date.now() - expiresAt
    assert.ok(late >= graceSeconds * 1000 && late < graceSeconds * 1000 + 1000, `cut after ${late} ms`)
  })

  it('is renewed in band, and the socket lives on', async () => {
    const client = await person()
    const socket = await client.socket()
    let cuts = 0
    socket.on('disconnect', () => cuts++)
    let { refreshToken } = client
    for (let rounds = 0; rounds < 3; rounds++) {
      await nextEvent(socket, 'auth:expiring')
      const tokens = await refreshed(refreshToken)
      refreshToken = tokens.refreshToken
      const { error, result, event } = await renew(socket, { accessToken: tokens.accessToken })
      assert.equal(error, null)
      assert.deepEqual(result, { expiresAt: new Date(expiryOf(tokens.accessToken)).toISOString() })
      assert.deepEqual(event, result)
    }
    assert.equal((await call(socket, 'me', 'auth', {})).result.id, client.id)
    assert.equal(cuts, 0)
    const heard = nextEvent(socket, 'role-changed')
    await platform.api('POST', '/roles', { label: 'Still heard' }, { authorization: `Bearer ${adminKey}` })
    await heard
  })

  it('is not renewed with another’s token, an ended session’s, a key, or nonsense', async () => {
    const [client, other, gone] = [await person(), await person(), await person()]
    const administrator = await person('admin@example.org')
    await gone.api('POST', '/auth/logout')
    const { body } = await administrator.api('POST', '/api-keys', { name: 'Key', userId: client.id })
    const socket = await client.socket()
    for (const accessToken of [other.token, gone.token, body.key, client.refreshToken, 'nonsense', '']) {
      const { error, event } = await renew(socket, { accessToken })
      assert.equal(error.code, 401)
      assert.equal(error.error, 'Unauthorized')
      assert.deepEqual(event, error)
    }
    for (const input of [
      undefined,
      null,
      {},
      { accessToken: 5 },
      { accessToken: client.token, userId: 'x' }
    ]) {
      assert.equal((await renew(socket, input)).error.code, 400)
    }
    assert.equal((await call(socket, 'me', 'auth', {})).result.id, client.id)
    const keyed = await connected(platform.unconnected({ token: body.key }))
    assert.equal((await renew(keyed, { accessToken: client.token })).error.code, 401)
  })

  it('goes on with another session of the same user, and ends with that one', async () => {
    const client = await person()
    const socket = await client.socket()
    const again = await person(client.email)
    assert.equal((await renew(socket, { accessToken: again.token })).error, null)
    await client.api('POST', '/auth/logout')
    assert.equal((await call(socket, 'me', 'auth', {})).result.id, client.id)
    const ended = cut(socket)
    await again.api('POST', '/auth/logout')
    await ended
  })

  it('leaves no call without an answer: what waits fails before the connection closes', async () => {
    const client = await person()
    const socket = await client.socket()
    const ended = cut(socket)
    const started = new Promise<void>((resolve) => (begun = resolve))
    const answers = [call(socket, 'wait', 'waiting', {})]
    await started
    const told = answers[0]?.then(() => socket.connected)
    await ended
    const [answer] = await Promise.all(answers)
    assert.equal(answer?.error.code, 401)
    assert.equal(await told, true)
    release()
  })

  it('lets a client that has a new token by then come back by itself, its calls kept', async () => {
    const client = await person()
    let { token } = client
    const socket = platform.unconnected((give: (auth: object) => void) => give({ token }))
    await connected(socket)
    await cut(socket)
    token = (await refreshed(client.refreshToken)).accessToken
    assert.equal((await call(socket, 'me', 'auth', {})).result.id, client.id)
  })

  it('tells a client that has none at once that it is not let in', async () => {
    const socket = await (await person()).socket()
    await cut(socket)
    const refused = await new Promise<Error>((resolve) => socket.once('connect_error', resolve))
    assert.equal(refused.message, 'Unauthorized')
  })

  /** Comes to the native door; answers with the connection as the plugin and as the peer have it. */
  const come = async (token: string) => {
    const before = guests.length
    const peer = new WebSocket(`${platform.url.replace('http', 'ws')}/gate?token=${token}`)
    const ended = once(peer, 'close').then(([code, reason]) => ({
      code,
      reason: String(reason),
      at: Date.now()
    }))
    const guest = await until('the guest', () => guests[before])
    return { ...guest, ended }
  }

  it('is told to a native door before, and its connection is cut a grace period after', async () => {
    const client = await person()
    const { notices, ended } = await come(client.token)
    const expiresAt = expiryOf(client.token)
    const { code, reason, at } = await ended
    assert.deepEqual(notices, [new Date(expiresAt).toISOString()])
    assert.deepEqual([code, reason], [1008, 'The access token has run out.'])
    assert.ok(at >= expiresAt + graceSeconds * 1000, `cut ${at - expiresAt} ms after its token`)
  })

  it('is renewed at a native door by signing in anew, but not with another’s token or nonsense', async () => {
    const [client, other] = [await person(), await person()]
    const { socket, notices, ended } = await come(client.token)
    const first = await until('the notice', () => notices[0])
    assert.equal(await socket.signIn(other.token), undefined)
    assert.equal(await socket.signIn('nonsense'), undefined)
    assert.equal(socket.caller?.userId, client.id)
    const { accessToken } = await refreshed(client.refreshToken)
    assert.equal((await socket.signIn(accessToken))?.userId, client.id)
    const second = await until('the notice of the new token', () => notices[1])
    assert.equal(second, new Date(expiryOf(accessToken)).toISOString())
    assert.ok(second > first)
    assert.ok((await ended).at >= expiryOf(accessToken) + graceSeconds * 1000)
  })

  it('of a key is no token: a native door cuts a key when it runs out, without grace', async () => {
    const administrator = await person('admin@example.org')
    const { id: userId } = await person()
    const expiresAt = Date.now() + 1500
    const { status, body } = await administrator.api('POST', '/api-keys', {
      name: 'Device',
      userId,
      expiresAt: new Date(expiresAt).toISOString()
    })
    assert.equal(status, 201, JSON.stringify(body))
    const { notices, ended } = await come(body.key)
    const { code, at } = await ended
    assert.equal(code, 1008)
    assert.deepEqual(notices, [])
    assert.ok(at >= Math.floor(expiresAt / 1000) * 1000)
  })

  it('is no longer good anywhere than its session is', async () => {
    const short = await startTestPlatform({ tokens: { accessSeconds: 900, refreshSeconds: 5 } })
    try {
      const { token } = await short.admin()
      assert.ok(expiryOf(token) <= Date.now() + 6000)
    } finally {
      await short.stop()
    }
  })
})
