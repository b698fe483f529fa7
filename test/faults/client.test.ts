import assert from 'node:assert/strict'
import { setTimeout as pass } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import { createClient, type ClientOf, type ConnectionState, type Live } from '@signalbox/client'
import { recorder } from '@signalbox/recorder'
import { core, recorderPart, type Camera } from '../support/clientParts.ts'
import { startFreezableProxy, type FreezableProxy } from '../support/freezableProxy.ts'
import { noUnhandledRejections } from '../support/noUnhandledRejections.ts'
import { startTestPlatform, type TestPlatform } from '../support/startTestPlatform.ts'
import { temporaryDirectory } from '../support/temporaryDirectory.ts'
import { until as untilSoon } from '../support/until.ts'
import { killPlatforms, startPlatformProcess } from './startPlatformProcess.ts'

const parts = [core, recorderPart] as const
type TestedClient = ClientOf<typeof parts>
/** A loaded machine takes its time. */
const until: typeof untilSoon = (what, ask) => untilSoon(what, ask, { timeoutMs: 60_000 })
const credentials = { email: 'admin@example.org', password: 'correct horse battery' }

describe('The client, under faults', function () {
  this.timeout(300_000)
  noUnhandledRejections()
  const open: { close(): void }[] = []

  afterEach(async () => {
    open.splice(0).forEach((one) => one.close())
    await killPlatforms()
  })

  const clientOf = async (url: string, options: { timeoutMs?: number } = {}): Promise<TestedClient> => {
    const client = createClient({ url, parts, ...options })
    open.push(client)
    await client.signIn({ ...credentials, rememberMe: true })
    return client
  }

  it('hears each change once, though the platform is killed and comes back', async () => {
    const directory = await temporaryDirectory()
    const first = await startPlatformProcess({ directory: directory.path })
    const port = Number(new URL(first.url).port)
    const [client, writer] = [await clientOf(first.url), await clientOf(first.url, { timeoutMs: 120_000 })]
    const watch = await watchCameras(client)
    const writing = startWriting(writer)
    await until('some changes', () => watch.seqs.length >= 20)
    first.child.kill('SIGKILL')
    await first.ended
    const goneAt = Date.now()
    const second = await startPlatformProcess({ directory: directory.path, port })
    const backAt = Date.now()
    await until('the connection', () => client.connection.state === 'connected')
    const connectedAt = Date.now()
    const before = watch.seqs.length
    await until('more changes', () => watch.seqs.length >= before + 20)
    await writing.stop()
    await watch.assertComplete(await clientOf(second.url))
    report({
      'away for': backAt - goneAt,
      'connected after': connectedAt - backAt,
      changes: watch.seqs.length,
      attempts: watch.attempts()
    })
    assert.equal(writing.failed.size, 0, [...writing.failed].join('; '))
    await directory.remove()
  })

  describe('behind a line that breaks', () => {
    let platform: TestPlatform
    let proxy: FreezableProxy

    const start = async (config: Parameters<typeof startTestPlatform>[0] = {}): Promise<void> => {
      platform = await startTestPlatform({ plugins: [recorder()], ...config })
      proxy = await startFreezableProxy(platform.url)
    }
    afterEach(async () => {
      open.splice(0).forEach((one) => one.close())
      await proxy?.stop()
      await platform?.stop()
    })

    it('hears what it missed in an outage of ten seconds, in which it asked now and then', async () => {
      await start()
      const [client, writer] = [await clientOf(proxy.url), await clientOf(platform.url)]
      const watch = await watchCameras(client)
      const writing = startWriting(writer)
      await until('some changes', () => watch.seqs.length >= 20)
      proxy.shut()
      await until('the loss', () => client.connection.state === 'waiting')
      assert.equal(watch.live.current, false)
      const heard = watch.seqs.length
      // The outage itself.
      await pass(10_000)
      const attempts = watch.attempts()
      await writing.stop()
      proxy.thaw()
      const from = Date.now()
      await until('the connection', () => client.connection.state === 'connected')
      const took = Date.now() - from
      await watch.assertComplete(writer)
      assert.ok(attempts <= 12, `${attempts} attempts`)
      report({
        attempts,
        'connected after': took,
        missed: watch.seqs.length - heard,
        changes: watch.seqs.length
      })
    })

    it('goes on after a token that ran out while it was away', async () => {
      await start({ tokens: { accessSeconds: 2, graceSeconds: 1 } })
      const [client, writer] = [await clientOf(proxy.url), await clientOf(platform.url)]
      const watch = await watchCameras(client)
      const writing = startWriting(writer)
      await until('some changes', () => watch.seqs.length >= 20)
      for (let round = 0; round < 2; round++) {
        proxy.shut()
        // Longer than the token is good.
        await pass(3500)
        proxy.thaw()
        await until('the connection', () => client.connection.state === 'connected')
      }
      await writing.stop()
      await watch.assertComplete(writer)
      report({ changes: watch.seqs.length, attempts: watch.attempts() })
    })

    it('notices a line that is silent, and asks elsewhere', async () => {
      await start({ websocket: { heartbeatSeconds: 1 } })
      const [client, writer] = [await clientOf(proxy.url, { timeoutMs: 3000 }), await clientOf(platform.url)]
      const watch = await watchCameras(client)
      const writing = startWriting(writer)
      await until('some changes', () => watch.seqs.length >= 20)
      proxy.freeze(() => true)
      const from = Date.now()
      const asked = client.cameras.find().then(
        () => 'answered',
        ({ code }: { code: string }) => code
      )
      assert.equal(await asked, 'timeout')
      proxy.thaw()
      await until('the notice', () => watch.states.length > 0)
      const noticed = Date.now() - from
      await until('the connection', () => client.connection.state === 'connected')
      await writing.stop()
      await watch.assertComplete(writer)
      report({ 'noticed after': noticed, changes: watch.seqs.length, attempts: watch.attempts() })
    })

    it('loses nothing in a line that breaks again and again, in the middle of catching up too', async () => {
      await start()
      const [client, writer] = [await clientOf(proxy.url), await clientOf(platform.url)]
      const watch = await watchCameras(client)
      const writing = startWriting(writer)
      for (let round = 0; round < 6; round++) {
        await until('the connection', () => client.connection.state === 'connected')
        await pass(Math.random() * 60)
        proxy.cut()
        await until('the loss', () => client.connection.state !== 'connected')
        await until('another try', () => client.connection.state === 'connecting')
        if (round % 2) proxy.cut()
      }
      await writing.stop()
      await watch.assertComplete(writer)
      report({ changes: watch.seqs.length, attempts: watch.attempts() })
    })
  })
})

interface Watch {
  /** The numbers of the changes, as they were told. */
  readonly seqs: readonly number[]
  /** The states of the connection since the watch began. */
  readonly states: readonly ConnectionState[]
  readonly live: Live<Camera>
  /** How often a connection was tried since then. */
  attempts(): number
  /** Every change of a camera in the feed was told once, in order, and the list is what it should be. */
  assertComplete(teller: TestedClient): Promise<void>
}

async function watchCameras(client: TestedClient): Promise<Watch> {
  const seqs: number[] = []
  const states: ConnectionState[] = []
  const told = new Map<string, number>()
  client.cameras.on('camera-changed', ({ seq }) => seqs.push(seq ?? 0))
  for (const event of ['created', 'patched', 'removed'] as const)
    client.cameras.on(event, () => told.set(event, (told.get(event) ?? 0) + 1))
  const live = client.cameras.live({ $sort: { createdAt: -1 }, $limit: 20 })
  await client.connection.connect()
  await live.ready
  client.connection.onChange((state) => states.push(state))
  const { next: from } = await client.changes.find({ since: 1e9 })
  return {
    seqs,
    states,
    live,
    attempts: () => states.filter((state) => state === 'connecting').length,
    async assertComplete(teller) {
      const feed = await feedOf(teller, Math.min(from, ...seqs.slice(0, 1)) - 1)
      await until('the rest', () => seqs.length >= feed.length).catch(() => {})
      assert.deepEqual(seqs, feed)
      assert.equal(
        [...told.values()].reduce((one, other) => one + other),
        feed.length
      )
      const { data } = await teller.cameras.find({ $sort: { createdAt: -1 }, $limit: 20 })
      await until('the list', () => live.current && isDeepStrictEqual(live.records, data)).catch(() => {})
      assert.deepEqual(live.records, data)
    }
  }
}

/** The numbers of all changes of cameras after one. */
async function feedOf(client: TestedClient, since: number): Promise<number[]> {
  const seqs: number[] = []
  for (;;) {
    const { changes, next } = await client.changes.find({ since, limit: 1000 })
    if (next === since) return seqs
    seqs.push(...changes.filter(({ resource }) => resource === 'cameras').map(({ seq }) => seq))
    since = next
  }
}

/** Makes, changes and removes cameras, one after the other, until it is stopped. */
function startWriting({ cameras }: TestedClient): { readonly failed: Set<string>; stop(): Promise<void> } {
  const stopping = new AbortController()
  const failed = new Set<string>()
  const write = async (): Promise<void> => {
    for (let n = 0; !stopping.signal.aborted; n++) {
      // A create is safe to repeat, and is; the others may fail while the platform is away.
      const made = await cameras.create({ name: `Camera ${n}`, protocol: 'test' }).catch((error: Error) => {
        failed.add(error.message)
      })
      if (!made) continue
      await cameras.patch(made.id, { location: `Place ${n}` }).catch(() => {})
      if (n % 3 === 0) await cameras.remove(made.id).catch(() => {})
      // The platform has other things to do.
      await pass(10)
    }
  }
  const writing = Promise.all([write(), write()])
  return {
    failed,
    async stop() {
      stopping.abort()
      await writing
    }
  }
}

function report(figures: Readonly<Record<string, number>>): void {
  const said = Object.entries(figures).map(
    ([name, value]) => `${name} ${value}${/after|for/.test(name) ? ' ms' : ''}`
  )
  console.log(`      ${said.join(', ')}; lost 0, twice 0`)
}
