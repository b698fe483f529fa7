import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createClient, isSignalboxError, type ClientOf, type ErrorCode } from '@signalbox/client'
import { recorder } from '@signalbox/recorder'
import { partCount, shelf } from '../contract/parts.ts'
import { core, recorderPart, shelfPart, type Camera } from '../support/clientParts.ts'
import { noUnhandledRejections } from '../support/noUnhandledRejections.ts'
import { startTestPlatform, type TestClient, type TestPlatform } from '../support/startTestPlatform.ts'

const parts = [core, recorderPart, shelfPart] as const
type TestedClient = ClientOf<typeof parts>

describe('The client, calling', function () {
  this.timeout(60_000)
  noUnhandledRejections()
  let platform: TestPlatform
  let admin: TestClient
  let client: TestedClient
  const open: { close(): void }[] = []

  before(async () => {
    platform = await startTestPlatform({ plugins: [recorder(), shelf()], basePath: '/box' })
    admin = await platform.admin()
    client = clientOf()
  })
  after(async () => {
    open.forEach((one) => one.close())
    await platform?.stop()
  })

  const clientOf = (options: Partial<Parameters<typeof createClient>[0]> = {}): TestedClient => {
    const session = { get: () => ({ accessToken: admin.token, refreshToken: '' }), set() {} }
    const made = createClient({ url: platform.url, session, ...options, parts })
    open.push(made)
    return made
  }
  const camera = { name: 'Gate', protocol: 'test' } as const

  it('makes, reads, changes, replaces and removes', async () => {
    const made = await client.cameras.create({ ...camera, location: 'North', tags: ['a'] })
    assert.deepEqual([made.version, made.location, made.tags], [1, 'North', ['a']])
    assert.deepEqual(await client.cameras.get(made.id), made)
    const patched = await client.cameras.patch(made.id, { location: null })
    assert.deepEqual([patched.version, patched.location], [2, null])
    const replaced = await client.cameras.update(made.id, { ...camera, name: 'Yard' }, { version: 2 })
    assert.deepEqual([replaced.version, replaced.name, replaced.tags], [3, 'Yard', []])
    assert.deepEqual(await client.cameras.remove(made.id, { version: 3 }), replaced)
    await fails(client.cameras.get(made.id), 'notFound', 404)
  })

  it('refuses to overwrite what it has not seen', async () => {
    const { id } = await client.cameras.create(camera)
    await client.cameras.patch(id, { location: 'South' }, { version: 1 })
    for (const late of [
      () => client.cameras.patch(id, { location: 'West' }, { version: 1 }),
      () => client.cameras.update(id, camera, { version: 1 }),
      () => client.cameras.remove(id, { version: 1 })
    ]) {
      const error = await fails(late(), 'conflict', 409)
      assert.equal(error.data['version'], 2)
    }
    await client.cameras.remove(id)
  })

  it('answers the three forms of a list', async () => {
    const list = await client.parts.find({ tags: 'brass', $sort: { name: -1 } })
    assert.equal(list.length, partCount / 5)
    const window = await client.parts.find({ tags: 'brass', $limit: 2, $skip: 1 })
    assert.deepEqual(
      [window.total, window.limit, window.skip, window.data.map(({ name }) => name)],
      [partCount / 5, 2, 1, ['Part 0005', 'Part 0010']]
    )
    const page = await client.parts.find({ page: 2, limit: 3 })
    assert.deepEqual(
      [page.total, page.page, page.items.map(({ name }) => name)],
      [partCount, 2, ['Part 0003', 'Part 0004', 'Part 0005']]
    )
    assert.equal((await client.parts.find({ $limit: 1, $total: false })).total, null)
    assert.equal((await client.parts.find({ search: 'part 104' })).length, 10)
  })

  it('iterates over everything, part by part, as long as somebody asks', async () => {
    let requests = 0
    const counting = clientOf({
      fetch: (...values) => {
        requests++
        return fetch(...values)
      }
    })
    const names: string[] = []
    for await (const { name } of counting.parts.all({ $sort: { name: -1 } })) names.push(name)
    assert.equal(names.length, partCount)
    assert.deepEqual(names, names.toSorted().toReversed())
    assert.equal(requests, 2)
    for await (const { name } of counting.parts.all({ name: { $gte: 'Part 0003' } })) {
      assert.equal(name, 'Part 0003')
      break
    }
    assert.equal(requests, 3)
  })

  it('calls named methods, with an id, an input, options, or none of them', async () => {
    const { id: cameraId } = await client.cameras.create(camera)
    const job = await client.jobs.create({ name: 'Watch', cameraId })
    assert.deepEqual(await client.jobs.history(job.id), [])
    assert.deepEqual(await client.jobs.logs(job.id, { limit: 1 }), { jobId: job.id, lines: [] })
    await fails(client.jobs.logs(job.id, { limit: 0 }), 'invalid', 400)
    assert.equal((await client.jobs.stop(job.id, { timeoutMs: 20_000 })).runtime.running, false)
    assert.equal((await client.auth.verify({ token: admin.token })).valid, true)
    assert.equal((await client.auth.verify()).valid, true)
    assert.equal((await client.auth.sessions()).length, 1)
    assert.equal(typeof (await client.settings.find()), 'object')
    assert.equal((await client.changes.find({ since: 1, limit: 1 })).changes.length, 1)
    await client.jobs.remove(job.id)
    await client.cameras.remove(cameraId)
  })

  it('says what is wrong by code, with the fields', async () => {
    const error = await fails(client.cameras.create({ protocol: 'test', tags: 5 as never }), 'invalid', 400)
    assert.deepEqual(error.errors.map(({ field }: { field: string }) => field).toSorted(), ['name', 'tags'])
    assert.ok(isSignalboxError(error) && !isSignalboxError(error, 'conflict'))
    await fails(client.jobs.start('nobody'), 'notFound', 404)
    await fails(clientOf({ session: undefined }).cameras.find(), 'unauthorized', 401)
    const viewer = await platform.client('viewer')
    const session = { get: () => ({ accessToken: viewer.token, refreshToken: '' }), set() {} }
    await fails(clientOf({ session }).cameras.create(camera), 'forbidden', 403)
  })

  it('takes no id that would mean something else', async () => {
    for (const id of ['', '.', '..', undefined as never]) {
      await fails(client.cameras.get(id), 'invalid', 0)
      await fails(client.cameras.remove(id), 'invalid', 0)
      await fails(client.jobs.start(id), 'invalid', 0)
    }
    await fails(client.cameras.get('a/../b?c#d'), 'notFound', 404)
    assert.throws(() => createClient({ url: 'nowhere', parts }), /^TypeError: url: nowhere/)
    assert.throws(
      () => createClient({ url: platform.url, parts: [core, core] }),
      /two things are named users/
    )
  })

  it('makes a record once, though the answer was lost', async () => {
    let lost = 0
    const unlucky = clientOf({
      fetch: async (...values) => {
        const response = await fetch(...values)
        if (lost >= 2 || values[1]?.method !== 'POST') return response
        await response.text()
        lost++
        throw new TypeError('the connection broke')
      }
    })
    const made = await unlucky.cameras.create({ ...camera, name: 'Once' })
    assert.equal(lost, 2)
    assert.deepEqual(await client.cameras.find({ name: 'Once' }), [made])
    const again = { idempotencyKey: `key-${made.id}` }
    const first = await client.cameras.create({ ...camera, name: 'Twice' }, again)
    assert.deepEqual(await client.cameras.create({ ...camera, name: 'Twice' }, again), first)
    await fails(client.cameras.create({ ...camera, name: 'Other' }, again), 'conflict', 409)
    for (const { id } of [made, first]) await client.cameras.remove(id)
  })

  it('does not repeat what may have been done', async () => {
    let asked = 0
    const unlucky = clientOf({
      fetch: () => {
        asked++
        return Promise.reject(new TypeError('fetch failed', { cause: new Error('reset by the peer') }))
      }
    })
    const error = await fails(unlucky.cameras.patch('1', {}), 'unreachable', 0)
    assert.match(error.message, /reset by the peer/)
    assert.equal(asked, 1)
    await fails(unlucky.cameras.get('1', { timeoutMs: 1000 }), 'unreachable', 0)
    assert.ok(asked >= 3, `${asked}`)
  })

  describe('something else than a platform', () => {
    let server: Server | undefined
    const serve = async (answer: RequestListener): Promise<TestedClient> => {
      server = createServer(answer).listen(0, '127.0.0.1')
      await once(server, 'listening')
      return clientOf({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` })
    }
    afterEach(() => {
      server?.closeAllConnections()
      server?.close()
    })

    it('gets no longer than its time to answer', async () => {
      const asking = await serve(() => {})
      const from = Date.now()
      const error = await fails(asking.cameras.find({}, { timeoutMs: 200 }), 'timeout', 0)
      assert.match(error.message, /GET \/cameras: no answer came within 200 ms/)
      assert.ok(Date.now() - from < 5000)
      await fails(asking.cameras.patch('1', {}, { timeoutMs: 200 }), 'timeout', 0)
    })

    it('is left where the signal says so, with its reason', async () => {
      const asking = await serve(() => {})
      for (const call of [
        (signal: AbortSignal) => asking.cameras.find({}, { signal }),
        (signal: AbortSignal) => asking.cameras.create(camera, { signal }),
        (signal: AbortSignal) => asking.cameras.all({}, { signal }).next()
      ]) {
        const stop = new AbortController()
        const reason = new Error('enough')
        const left = assert.rejects(call(stop.signal), (error) => error === reason)
        stop.abort(reason)
        await left
        await assert.rejects(call(stop.signal), (error) => error === reason)
      }
    })

    it('is told from a platform', async () => {
      const asking = await serve((_, response) => response.end('<!doctype html>'))
      const error = await fails(asking.cameras.find(), 'internal', 200)
      assert.match(error.message, /is no platform/)
    })

    it('may be a proxy that says that the platform is away: what is safe is tried again', async () => {
      let asked = 0
      const asking = await serve((_, response) => {
        if (asked++ < 2) response.writeHead(502).end('<h1>Bad Gateway</h1>')
        else response.end('[]')
      })
      assert.deepEqual(await asking.cameras.find(), [])
      assert.equal(asked, 3)
      asked = 0
      await fails(asking.cameras.patch('1', {}), 'unavailable', 502)
      assert.equal(asked, 1)
    })

    it('is waited for as long as it says', async () => {
      const at: number[] = []
      const asking = await serve((_, response) => {
        at.push(Date.now())
        const busy = { code: 429, message: 'Too many requests', data: { retryAfter: 1 } }
        if (at.length < 2) response.writeHead(429).end(JSON.stringify(busy))
        else response.end('[]')
      })
      await asking.cameras.find()
      assert.ok((at[1] ?? 0) - (at[0] ?? 0) >= 1000)
      at.length = 0
      const error = await fails(asking.cameras.find({}, { timeoutMs: 500 }), 'tooManyRequests', 429)
      assert.equal(error.data['retryAfter'], 1)
    })
  })

  it('gets through a flood that the platform slows down', async () => {
    const slow = await startTestPlatform({ limits: { requestsPerSecond: 40, burst: 20 } })
    const asking = createClient({ url: slow.url, parts: [core] })
    try {
      await asking.signIn({ email: 'admin@example.org', password: 'correct horse battery' })
      const found = await Promise.all(Array.from({ length: 60 }, () => asking.users.find()))
      assert.ok(found.every(([user]) => user?.email === 'admin@example.org'))
    } finally {
      asking.close()
      await slow.stop()
    }
  })

  it('has nothing more to say once it is closed', async () => {
    const closing = clientOf()
    const waiting = closing.cameras.find()
    closing.close()
    await fails(waiting, 'unreachable', 0)
    await fails(closing.cameras.find(), 'unreachable', 0)
    await fails(closing.send('subscribe:logs', 'x'), 'unreachable', 0)
    assert.deepEqual(await closing.cameras.events('camera-changed').next(), { done: true, value: undefined })
    await fails(closing.cameras.live().ready, 'unreachable', 0)
    await fails(closing.jobs.followLogs('x').ready, 'unreachable', 0)
    const stopHearing = closing.cameras.on('created', (_: Camera) => {})
    stopHearing()
    assert.equal(closing.connection.state, 'idle')
  })
})

async function fails(call: Promise<unknown>, code: ErrorCode, status: number): Promise<any> {
  const error: any = await call.then(
    (answer) => assert.fail(`answered ${JSON.stringify(answer)}`),
    (reason: unknown) => reason
  )
  assert.deepEqual([error?.code, error?.status], [code, status], String(error?.stack ?? error))
  return error
}
