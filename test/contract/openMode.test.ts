import assert from 'node:assert/strict'
import { resolveConfig } from '@signalbox/core'
import { recorder } from '@signalbox/recorder'
import { io } from 'socket.io-client'
import { nextEvent } from '../support/nextEvent.ts'
import { startTestPlatform, type TestPlatform } from '../support/startTestPlatform.ts'
import { assertFailure, call, connected, fails, listen, raw } from './support.ts'

describe('Open mode', () => {
  let platform: TestPlatform

  before(async () => {
    platform = await startTestPlatform({ auth: { mode: 'open', as: 'operator' }, plugins: [recorder()] })
  })
  after(() => platform.stop())

  it('gives a caller without a token its role, over REST and sockets, and says so', async () => {
    assert.equal((await platform.api('GET', '/cameras')).status, 200)
    await fails(platform.api('POST', '/cameras', { name: 'Gate', protocol: 'test' }), 403)
    await fails(platform.api('GET', '/users'), 403)
    await fails(platform.api('GET', '/auth/me'), 401)
    assert.equal((await platform.api('GET', '/health')).body.auth, 'open')
    const socket = await connected(platform.unconnected({}))
    assert.deepEqual((await call(socket, 'find', 'cameras', {})).result, [])
    assertFailure((await call(socket, 'find', 'users', {})).error, 403)
    const heard = listen(socket)
    const admin = await platform.admin()
    const changed = nextEvent(socket, 'camera-changed')
    await admin.api('POST', '/cameras', { name: 'Gate', protocol: 'test' })
    assert.equal((await changed).action, 'created')
    assert.ok(heard.some(({ event }) => event === 'cameras created'))
  })

  it('gives nothing to a caller with a bad token', async () => {
    await fails(platform.api('GET', '/cameras', undefined, { authorization: 'Bearer nonsense' }), 401)
    await assert.rejects(connected(platform.unconnected({ token: 'nonsense' })), { message: 'Unauthorized' })
  })

  for (const [title, headers] of [
    ['another host', { host: 'signalbox.example.org' }],
    ['a host that only begins like the loopback', { host: '127.0.0.1.example.org' }],
    ['another origin', { origin: 'http://example.org' }],
    ['an opaque origin', { origin: 'null' }],
    ['a proxy', { 'x-forwarded-for': '10.0.0.1' }],
    ['a proxy that says Forwarded', { forwarded: 'for=10.0.0.1' }],
    ['a proxy that says Via', { via: '1.1 proxy' }],
    ['a proxy that says X-Real-IP', { 'x-real-ip': '127.0.0.1' }]
  ] as [string, Record<string, string>][]) {
    it(`refuses a request from ${title}`, async () => {
      await fails(raw(platform.url, '/api/cameras', { headers }), 401)
      const socket = io(platform.url, {
        extraHeaders: headers,
        transports: ['websocket'],
        autoConnect: false,
        forceNew: true
      })
      await assert.rejects(connected(socket), { message: 'Unauthorized' })
      socket.disconnect()
    })
  }

  it('answers under each name of the loopback', async () => {
    const { port } = new URL(platform.url)
    for (const host of ['localhost', `localhost:${port}`, `127.0.0.1:${port}`, '127.0.0.2', '[::1]']) {
      assert.equal(
        (await raw(platform.url, '/api/cameras', { headers: { host, origin: `http://${host}` } })).status,
        200,
        host
      )
    }
  })

  it('is refused at start beyond the loopback, and without a role', () => {
    const at = (host: string, auth: object) => () =>
      resolveConfig({ input: { host, auth } as never, env: {} } as never)
    assert.throws(at('0.0.0.0', { mode: 'open', as: 'operator' }), /loopback/)
    assert.throws(at('127.0.0.1', { mode: 'open' }), /auth\.as/)
    assert.doesNotThrow(at('127.0.0.1', { mode: 'open', as: 'operator' }))
  })
})
