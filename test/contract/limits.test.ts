import assert from 'node:assert/strict'
import type { Answer } from '../support/startTestPlatform.ts'
import { startTestPlatform, type TestClient, type TestPlatform } from '../support/startTestPlatform.ts'
import { assertFailure, call, connected } from './support.ts'

const burst = 40

describe('The limit of requests', function () {
  this.timeout(60_000)
  let platform: TestPlatform
  let admin: TestClient

  before(async () => {
    // It fills up so slowly that the tests see what it holds.
    platform = await startTestPlatform({ limits: { requestsPerSecond: 1, burst } })
    admin = await platform.admin()
  })

  after(() => platform?.stop())

  const ask = (client: TestClient): Promise<Answer[]> =>
    Promise.all(Array.from({ length: burst + 10 }, () => client.api('GET', '/auth/me')))
  const refusedOf = (answers: readonly Answer[]): Answer[] => answers.filter(({ status }) => status === 429)

  it('refuses what is past the burst with 429 and Retry-After, and lets everybody else be', async () => {
    const [client, other] = [await platform.client(), await platform.client()]
    const answers = await ask(client)
    const refused = refusedOf(answers)
    assert.ok(refused.length >= 8 && refused.length <= 10, String(refused.length))
    assert.ok(answers.every(({ status }) => status === 200 || status === 429))
    for (const { headers, body } of refused) {
      assertFailure(body, 429)
      assert.equal(Number(headers.get('retry-after')), body.data.retryAfter)
      assert.ok(body.data.retryAfter >= 1)
    }
    assert.equal((await other.api('GET', '/auth/me')).status, 200)
    assert.equal((await platform.api('GET', '/health')).status, 200)
  })

  it('counts a caller’s sessions and sockets together, and answers a socket’s calls with the error', async () => {
    const client = await platform.client()
    const socket = await client.socket()
    await ask(client)
    const { error } = await call(socket, 'me', 'auth', {})
    assertFailure(error, 429)
    assert.ok(error.data.retryAfter >= 1)
    const command = await call(socket, 'auth:refresh', { accessToken: client.token })
    assert.deepEqual([command.error.code, command.error.error], [429, 'Too many requests'])
    assert.ok(socket.connected)
  })

  it('counts each key by itself', async () => {
    const client = await platform.client()
    const keyed = async (): Promise<string> =>
      (await admin.api('POST', '/api-keys', { name: 'Key', userId: client.id })).body.key
    const [one, other] = [await keyed(), await keyed()]
    const me = (key: string): Promise<Answer> =>
      platform.api('GET', '/auth/me', undefined, { authorization: `Bearer ${key}` })
    const answers = await Promise.all(Array.from({ length: burst + 10 }, () => me(one)))
    assert.ok(refusedOf(answers).length >= 8)
    assert.equal((await me(other)).status, 200)
    assert.equal((await client.api('GET', '/auth/me')).status, 200)
    const socket = await connected(platform.unconnected({ token: one }))
    assert.equal((await call(socket, 'me', 'auth', {})).error.code, 429)
  })

  it('counts who is not signed in, or made a token up, by address', async () => {
    const answers = await Promise.all(
      Array.from({ length: burst + 10 }, (_, n) =>
        n % 2
          ? platform.api('GET', '/health')
          : platform.api('GET', '/auth/me', undefined, { authorization: `Bearer made-up-${n}` })
      )
    )
    assert.ok(refusedOf(answers).length >= 8)
    assert.equal((await admin.api('GET', '/auth/me')).status, 200)
  })

  it('is by default none that two hundred at once would meet', async () => {
    const generous = await startTestPlatform({ limits: {} })
    try {
      const client = await generous.client()
      const answers = await Promise.all(Array.from({ length: 400 }, () => client.api('GET', '/auth/me')))
      assert.deepEqual(refusedOf(answers), [])
    } finally {
      await generous.stop()
    }
  })
})
