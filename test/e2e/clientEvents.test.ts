import assert from 'node:assert/strict'
import { createClient, type Changed, type ClientOf } from '@signalbox/client'
import { recorder } from '@signalbox/recorder'
import { core, recorderPart, type Camera } from '../support/clientParts.ts'
import { startFreezableProxy, type FreezableProxy } from '../support/freezableProxy.ts'
import { noUnhandledRejections } from '../support/noUnhandledRejections.ts'
import { startTestPlatform, type TestClient, type TestPlatform } from '../support/startTestPlatform.ts'
import { until } from '../support/until.ts'
import { radioPart, radioStation } from './radio.ts'
import { runCommand } from './runCommand.ts'

const parts = [core, recorderPart, radioPart] as const
type TestedClient = ClientOf<typeof parts>

describe('The client, listening', function () {
  this.timeout(60_000)
  noUnhandledRejections()
  const camera = { name: 'Gate', protocol: 'test' } as const
  let platform: TestPlatform
  let proxy: FreezableProxy
  let admin: TestClient
  let client: TestedClient
  const open: { close(): void }[] = []

  before(async () => {
    platform = await startTestPlatform({ plugins: [recorder(), radioStation.plugin()] })
    proxy = await startFreezableProxy(platform.url)
    admin = await platform.admin()
  })
  beforeEach(() => {
    radioStation.shut.clear()
    radioStation.slowly = undefined
    client = clientOf(admin)
  })
  afterEach(() => open.splice(0).forEach((one) => one.close()))
  after(async () => {
    await proxy?.stop()
    await platform?.stop()
  })

  const clientOf = ({ token }: Pick<TestClient, 'token'>, url = proxy.url): TestedClient => {
    const session = { get: () => ({ accessToken: token, refreshToken: '' }), set() {} }
    const made = createClient({ url, session, parts })
    open.push(made)
    return made
  }
  const stateOf = (wanted: string, { connection } = client): Promise<unknown> =>
    until(`a connection that is ${wanted}`, () => connection.state === wanted)

  it('connects when something first needs it, and says how it stands', async () => {
    const states: string[] = []
    client.connection.onChange((state) => states.push(state))
    assert.equal(client.connection.state, 'idle')
    await client.cameras.find()
    assert.equal(client.connection.state, 'idle')
    client.cameras.on('created', () => {})
    await client.connection.connect()
    proxy.cut()
    await stateOf('waiting')
    assert.equal(client.connection.error?.code, 'unreachable')
    await client.connection.connect()
    assert.equal(client.connection.error, undefined)
    client.connection.close()
    assert.equal(client.connection.state, 'idle')
    assert.deepEqual(states, ['connecting', 'connected', 'waiting', 'connecting', 'connected', 'idle'])
  })

  it('tells each change once, by the name of the change and by those that Feathers gives', async () => {
    const heard: unknown[] = []
    const changes: Changed<Camera>[] = []
    const stops = (['created', 'updated', 'patched', 'removed'] as const).map((event) =>
      client.cameras.on(event, (record) => heard.push([event, record]))
    )
    stops.push(client.cameras.on('camera-changed', (change) => changes.push(change)))
    await client.connection.connect()
    const { cameras } = clientOf(admin, platform.url)
    const made = await cameras.create(camera)
    const patched = await cameras.patch(made.id, { location: 'North' })
    proxy.cut()
    const updated = await cameras.update(made.id, camera)
    const removed = await cameras.remove(made.id)
    await until('four changes', () => changes.length >= 4)
    const expected = [
      ['created', made],
      ['patched', patched],
      ['updated', updated],
      ['removed', removed]
    ]
    assert.deepEqual(heard, expected)
    assert.deepEqual(
      changes.map(({ id, action, version, record }) => [id, action, version, record]),
      expected.map(([action, record]) => [made.id, action, (record as Camera).version, record])
    )
    const seqs = changes.map(({ seq }) => seq ?? 0)
    assert.deepEqual(
      seqs,
      [...new Set(seqs)].toSorted((one, other) => one - other)
    )
    stops.forEach((stop) => stop())
    const next = client.roles.events('created').next()
    await client.cameras.create(camera).then(({ id }) => client.cameras.remove(id))
    await client.roles.create({ label: 'Heard after those' })
    await next
    assert.equal(heard.length, 4)
  })

  it('tells who may not read a record no more than its id', async () => {
    const nobody = await platform.client()
    const listening = clientOf(nobody)
    const ticks = listening.cameras.events('camera-changed')
    const created = listening.cameras.events('created')
    await listening.connection.connect()
    const { id } = await client.cameras.create(camera)
    assert.deepEqual(await ticks.next(), { value: { id }, done: false })
    listening.close()
    assert.equal((await created.next()).done, true)
    await client.cameras.remove(id)
  })

  it('gives events as an iterator, none lost between two looks, until it is ended', async () => {
    const stop = new AbortController()
    const roles = client.roles.events('created', { signal: stop.signal })
    const other = client.roles.events('created')
    const waiting = client.roles.events('removed')
    await client.connection.connect()
    const labels = ['One', 'Two', 'Three']
    for (const label of labels) await client.roles.create({ label })
    const heard: string[] = []
    for await (const { label } of other) {
      heard.push(label)
      if (heard.length === 2) break
    }
    assert.deepEqual(heard, ['One', 'Two'])
    assert.equal((await other.next()).done, true)
    for await (const { label } of roles) {
      heard.push(label)
      if (label === 'Three') stop.abort()
    }
    assert.deepEqual(heard, ['One', 'Two', ...labels])
    const end = waiting.next()
    await waiting.return?.()
    assert.equal((await end).done, true)
  })

  it('hears named events and settings, and goes on where a listener throws', async () => {
    const reported: unknown[] = []
    const globals = globalThis as { reportError?: unknown }
    globals.reportError = (error: unknown) => reported.push(error)
    try {
      const fault = new Error('a fault of the page')
      const heard: unknown[] = []
      client.radio.on('announced', () => {
        throw fault
      })
      client.radio.on('announced', async () => Promise.reject(fault))
      client.radio.on('announced', (payload) => heard.push(payload))
      client.settings.on('settings-changed', ({ key }) => heard.push(key))
      await client.connection.connect()
      await client.radio.say({ channel: 'news', text: 'Hello' })
      await until('both', () => heard.length === 1 && reported.length === 2)
      assert.deepEqual(reported, [fault, fault])
      assert.deepEqual(heard, [{ channel: 'news', text: 'Hello' }])
    } finally {
      delete globals.reportError
    }
  })

  describe('in rooms', () => {
    it('tells those of one command apart, and joins them again after each reconnect', async () => {
      const [news, music] = [client.radio.followChannel('news'), client.radio.followChannel('music')]
      const heard: string[] = []
      news.on('said', ({ text }) => heard.push(`news: ${text}`))
      music.on('said', ({ text }) => heard.push(`music: ${text}`))
      const songs = music.events('said')
      await Promise.all([news.ready, music.ready])
      const say = (channel: string, text: string) => client.radio.say({ channel, text })
      await say('news', 'one')
      await say('music', 'la')
      await until('both', () => heard.length === 2)
      const { joins } = await client.radio.counts({ channel: 'news' })
      proxy.cut()
      await until('another join', async () => (await client.radio.counts({ channel: 'news' })).joins > joins)
      await until('another join', async () => (await client.radio.counts({ channel: 'music' })).joins > 1)
      await say('music', 'lala')
      await say('news', 'two')
      await until('both', () => heard.length === 4)
      assert.deepEqual(heard, ['news: one', 'music: la', 'music: lala', 'news: two'])
      assert.equal((await songs.next()).value.text, 'la')
      music.close()
      assert.equal((await songs.next()).value.text, 'lala')
      assert.equal((await songs.next()).done, true)
    })

    it('leaves with the last who follows, and not before', async () => {
      let letGo = (): void => {}
      radioStation.slowly = new Promise((resolve) => (letGo = resolve))
      const leaves = async () => (await client.radio.counts({ channel: 'talk' })).leaves
      const first = client.radio.followChannel('talk')
      const second = client.radio.followChannel('talk')
      await client.connection.connect()
      // Left while it is being joined, and followed again.
      const third = client.radio.followChannel('talk')
      first.close()
      second.close()
      letGo()
      await third.ready
      await assert.rejects(first.ready, { code: 'unreachable' })
      const fourth = client.radio.followChannel('talk')
      await fourth.ready
      third.close()
      third.close()
      const heard = fourth.events('said')
      await client.radio.say({ channel: 'talk', text: 'still here' })
      assert.equal((await heard.next()).value.text, 'still here')
      assert.equal(await leaves(), 0)
      fourth.close()
      const again = client.radio.followChannel('talk')
      await again.ready
      const more = again.events('said')
      await client.radio.say({ channel: 'talk', text: 'back again' })
      assert.equal((await more.next()).value.text, 'back again')
      again.close()
      const left = await until('leaving', async () => (await leaves()) || undefined)
      await client.radio.followChannel('talk').ready
      assert.ok(left <= 2, `${left}`)
    })

    it('are joined again by who was sent out of all for the loss of a right', async () => {
      const guest = await platform.client()
      const { id } = await client.grants.create({
        subjectType: 'user',
        subjectId: guest.id,
        permission: 'roles:read'
      })
      const listening = clientOf(guest)
      const sport = listening.radio.followChannel('sport')
      const heard = sport.events('said')
      await sport.ready
      const joins = async () => (await client.radio.counts({ channel: 'sport' })).joins
      assert.equal(await joins(), 1)
      await client.grants.remove(id)
      await until('another join', async () => (await joins()) > 1)
      await client.radio.say({ channel: 'sport', text: 'still in' })
      assert.equal((await heard.next()).value.text, 'still in')
    })

    it('rejects where the platform lets nobody in, also in one that was open before', async () => {
      radioStation.shut.add('staff')
      const staff = client.radio.followChannel('staff')
      await assert.rejects(staff.ready, { code: 'forbidden', message: 'Nobody may follow staff.' })
      await assert.rejects(staff.events('said').next(), { code: 'forbidden' })
      radioStation.shut.clear()
      const welcome = client.radio.followChannel('staff')
      await welcome.ready
      const events = welcome.events('said')
      radioStation.shut.add('staff')
      proxy.cut()
      await assert.rejects(events.next(), { code: 'forbidden' })
    })
  })

  it('sends commands, and tells what became of them', async () => {
    assert.deepEqual(await client.send('radio:follow', 'any'), { room: 'any' })
    await assert.rejects(client.send('radio:follow', ''), { code: 'invalid', status: 400 })
    let letGo = (): void => {}
    radioStation.slowly = new Promise((resolve) => (letGo = resolve))
    const lost = client.send('radio:follow', 'lost')
    const late = client.send('radio:follow', 'late', { timeoutMs: 100 })
    await assert.rejects(late, { code: 'timeout' })
    const broken = assert.rejects(lost, { code: 'unreachable' })
    proxy.cut()
    await broken
    letGo()
    proxy.shut()
    try {
      await assert.rejects(client.send('radio:follow', 'x', { timeoutMs: 1500 }), { code: 'unreachable' })
    } finally {
      proxy.thaw()
    }
    assert.deepEqual(await client.send('radio:follow', 'any'), { room: 'any' })
  })

  it('keeps no program alive once it is closed', async () => {
    const script = `
      import { createClient } from '@signalbox/client'
      import { core, recorderPart } from '${new URL('../support/clientParts.ts', import.meta.url).href}'
      for (const url of [${JSON.stringify(proxy.url)}, 'http://127.0.0.1:9']) {
        const client = createClient({ url, parts: [core, recorderPart], session: {
          get: () => ({ accessToken: ${JSON.stringify(admin.token)}, refreshToken: '' }), set() {}
        } })
        const live = client.cameras.live({ $limit: 3 })
        client.jobs.followLogs('nobody')
        client.cameras.on('created', () => {})
        const events = client.cameras.events('created').next()
        if (url !== 'http://127.0.0.1:9') await live.ready
        else await new Promise((resolve) => client.connection.onChange((state) => state === 'waiting' && resolve()))
        const call = client.cameras.find().catch(() => {})
        client.close()
        await events
        await call
      }
      console.log('closed')
    `
    const flags = ['--import=tsx', '--conditions=source', '--input-type=module', '--eval', script]
    const program = runCommand(process.execPath, flags, { cwd: new URL('../..', import.meta.url).pathname })
    await program.line(/^closed$/)
    assert.equal(await program.ended, 0, program.output)
    await program.silent
  })

  it('lets the platform stop while it is connected', async () => {
    const other = await startTestPlatform()
    const listening = createClient({ url: other.url, parts: [core] })
    open.push(listening)
    await listening.signIn({ email: 'admin@example.org', password: 'correct horse battery' })
    await listening.connection.connect()
    const left = new Promise((resolve) => listening.connection.onChange(resolve))
    await other.stop()
    assert.equal(await left, 'waiting')
  })
})
