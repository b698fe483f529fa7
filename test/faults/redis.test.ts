import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import type { Socket } from 'socket.io-client'
import { createDatabaseOrSkip, type TestDatabase } from '../support/postgres.ts'
import { ownRedisOrSkip, type OwnRedis } from '../support/redis.ts'
import { temporaryDirectory, type TemporaryDirectory } from '../support/temporaryDirectory.ts'
import { until } from '../support/until.ts'
import { listenToJobs, talkativeJob, type JobListener } from './listenToJobs.ts'
import { startNodes, type NodeProcess } from './startNodes.ts'
import { killPlatforms } from './startPlatformProcess.ts'
import { startWriters } from './writers.ts'

const password = 'a very secret password'

describe('Nodes whose Redis fails', function () {
  this.timeout(180_000)
  let directory: TemporaryDirectory
  let database: TestDatabase
  let redis: OwnRedis
  let sockets: Socket[]

  beforeEach(async function () {
    sockets = []
    database = await createDatabaseOrSkip(this)
    redis = await ownRedisOrSkip(this, (port) => ['--port', `${port}`, '--requirepass', password])
    directory = await temporaryDirectory()
  })

  afterEach(async () => {
    sockets.forEach((socket) => socket.disconnect())
    await killPlatforms()
    redis?.thaw()
    await redis?.stop()
    await database?.drop()
    await directory?.remove()
  })

  async function start(
    options: { readonly redisUrl?: string; readonly environment?: Readonly<Record<string, string>> } = {}
  ): Promise<[NodeProcess, NodeProcess]> {
    const redisUrl = `redis://:${encodeURIComponent(password)}@127.0.0.1:${redis.port}`
    const nodes = await startNodes(database.url, {
      directory: directory.path,
      names: ['one', 'two'],
      recorder: { programs: [process.execPath] },
      redisUrl,
      ...options
    })
    return nodes as [NodeProcess, NodeProcess]
  }

  async function listen(node: NodeProcess, token: string): Promise<JobListener> {
    const listener = await listenToJobs(node, token)
    sockets.push(listener.socket)
    return listener
  }

  async function tokenOf(node: NodeProcess, role?: string): Promise<string> {
    const person = { email: `${role ?? 'nobody'}@example.org`, password }
    const user = { ...person, ...(role !== undefined && { role }) }
    assert.equal((await node.api('POST', '/users', user)).status, 201)
    const login = await fetch(`${node.url}/api/auth/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(person)
    })
    assert.equal(login.status, 200)
    return ((await login.json()) as { accessToken: string }).accessToken
  }

  const stateOf = async (node: NodeProcess): Promise<string> =>
    (await node.api('GET', '/status')).body.redis.state
  const areAll = (nodes: readonly NodeProcess[], state: 'up' | 'down') => async (): Promise<boolean> =>
    (await Promise.all(nodes.map(stateOf))).every((one) => one === state)
  it('tell a job that starts on one to who may hear it on the other, and its log to who follows it', async () => {
    const [one, two] = await start()
    await until('Redis', areAll([one, two], 'up'))
    const job = await talkativeJob(one, { perSecond: 1000, lines: 3000 })
    const admin = await listen(two, one.token)
    const viewer = await listen(two, await tokenOf(one, 'viewer'))
    const nobody = await listen(two, await tokenOf(one))
    const beside = await listen(one, one.token)
    for (const ear of [admin, beside]) await ear.follow(job)
    await nobody.follow(job)
    assert.equal((await one.api('POST', `/jobs/${job}/start`)).status, 200)
    for (const ear of [admin, viewer, beside]) await until('its end', () => ear.hears('job:stopped'))
    for (const ear of [admin, beside]) await until('its log', () => ear.lines().length === 3000)
    // An answer comes after what was sent before it.
    await nobody.follow(job)
    assert.deepEqual(nobody.ofJobs(), [])
    assert.deepEqual(viewer.ofJobs(), ['job:started', 'job:stopped'])
    assert.equal(admin.ofJobs()[0], 'job:started')
    assert.deepEqual(
      beside.lines(),
      Array.from({ length: 3000 }, (_, n) => n + 1)
    )
    assert.deepEqual(admin.lines(), beside.lines())
    const told = admin.ofJobs().filter((event) => event === 'job:log').length
    console.log(`      3000 lines in ${told} events, all heard in their order on the other node`)
  })

  it('go on when it is killed and comes back: changes never stop, and named events are heard again', async () => {
    const [one, two] = await start()
    await until('Redis', areAll([one, two], 'up'))
    const job = await talkativeJob(one, { perSecond: 200, lines: 200_000 })
    const near = await listen(one, one.token)
    const far = await listen(two, one.token)
    for (const ear of [near, far]) await ear.follow(job)
    assert.equal((await one.api('POST', `/jobs/${job}/start`)).status, 200)
    await until('lines on both', () => near.lines().length > 0 && far.lines().length > 0)
    const writers = startWriters(two, { clients: 2 })
    const changes = (): number => far.events.filter(({ event }) => event === 'camera-changed').length
    await until('changes', () => changes() > 20)

    await redis.kill()
    await until('the fault', areAll([one, two], 'down'))
    const [changed, printed] = [changes(), near.lines().length]
    await until('changes meanwhile', () => changes() > changed + 100, { timeoutMs: 30_000 })
    await until('lines on their own node meanwhile', () => near.lines().length > printed + 200)
    assert.equal((await one.api('GET', '/health')).body.status, 'degraded')
    assert.equal((await one.api('GET', '/health/ready')).status, 200)
    const last = far.lines().at(-1) as number

    await redis.restart()
    const from = Date.now()
    await until('lines on the other node again', () => (far.lines().at(-1) as number) > last + 100, {
      timeoutMs: 30_000
    })
    const took = Date.now() - from
    await until('both', areAll([one, two], 'up'))
    assert.equal((await one.api('POST', `/jobs/${job}/stop`)).status, 200)
    for (const ear of [near, far]) await until('its end', () => ear.hears('job:stopped'))
    await writers.stop()
    await until('every change', () => changes() >= writers.acknowledged.length)

    const [sent, heard] = [near.lines(), far.lines()]
    const { skipped } = (await one.api('GET', '/status')).body.redis
    console.log(
      `      lines sent ${sent.length}, heard on the other node ${heard.length}; events skipped ${skipped}; ` +
        `heard again ${took} ms after the restart; ` +
        `changes acknowledged ${writers.acknowledged.length}, heard ${changes()}`
    )
    assert.ok(skipped > 0)
    assert.deepEqual(
      sent,
      Array.from(sent, (_, n) => n + 1)
    )
    assert.deepEqual(
      heard,
      heard.toSorted((a, b) => a - b)
    )
    assert.equal(new Set(heard).size, heard.length)
    for (const node of [one, two]) {
      assert.match(node.log.join('\n'), /Redis fails/)
      assert.doesNotMatch(node.log.join('\n'), /secret/)
    }
  })

  it('start, work and stop where it stands still or is not there', async () => {
    for (const fault of ['stands still', 'is not there']) {
      if (fault === 'stands still') redis.freeze()
      else await redis.kill()
      const [one, two] = await start()
      assert.equal(await stateOf(one), 'down')
      const job = await talkativeJob(one, { perSecond: 1000, lines: 500 })
      const near = await listen(one, one.token)
      await near.follow(job)
      assert.equal((await one.api('POST', `/jobs/${job}/start`)).status, 200)
      await until('its end', () => near.hears('job:stopped'))
      await until('its log', () => near.lines().length === 500)
      const from = Date.now()
      for (const node of [one, two]) node.child.kill('SIGTERM')
      assert.deepEqual(await Promise.all([one.ended, two.ended]), [0, 0])
      console.log(`      stopped in ${Date.now() - from} ms where Redis ${fault}`)
      redis.thaw()
    }
  })

  it('reach it over TLS, and not where its certificate is not to be trusted', async function () {
    const file = (name: string): string => join(directory.path, name)
    try {
      execFileSync('openssl', certificate(file('key'), file('certificate')), { stdio: 'ignore' })
    } catch {
      console.log('      not tested: a Redis over TLS; no openssl here (apt-get install openssl)')
      return this.skip()
    }
    const secure = await ownRedisOrSkip(this, (port) => [
      '--port',
      '0',
      '--tls-port',
      `${port}`,
      '--tls-auth-clients',
      'no',
      '--tls-key-file',
      file('key'),
      '--tls-cert-file',
      file('certificate'),
      '--tls-ca-cert-file',
      file('certificate')
    ])
    try {
      const redisUrl = `rediss://127.0.0.1:${secure.port}/1`
      const trusting = await start({ redisUrl, environment: { NODE_EXTRA_CA_CERTS: file('certificate') } })
      await until('both', areAll(trusting, 'up'))
      await killPlatforms()
      const [one] = await start({ redisUrl })
      await until('the reason', () => /self-signed certificate/.test(one.log.join('\n')))
      assert.equal(await stateOf(one), 'down')
    } finally {
      await secure.stop()
    }
  })
})

function certificate(key: string, file: string): string[] {
  const names = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1']
  return [
    'req',
    '-x509',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-days',
    '2',
    '-keyout',
    key,
    '-out',
    file,
    ...names
  ]
}
