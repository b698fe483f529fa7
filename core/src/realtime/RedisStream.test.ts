import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { createClient } from '@redis/client'
import { ownRedisOrSkip, type OwnRedis } from '../../../test/support/redis.ts'
import { until } from '../../../test/support/until.ts'
import { RedisStream } from './RedisStream.ts'

interface Line {
  readonly level: 'info' | 'warn'
  readonly text: string
}

/** A stream that is read for as long as the test lasts. */
interface Reading {
  readonly stream: RedisStream
  readonly heard: string[]
  readonly lines: Line[]
}

describe('A stream in Redis', function () {
  this.timeout(60_000)
  let redis: OwnRedis
  let key: string
  const open = new Set<RedisStream>()
  const peers = new Set<Server>()

  before(async function () {
    redis = await ownRedisOrSkip(this)
  })

  after(() => redis?.stop())

  beforeEach(() => {
    key = `signalbox:test-${randomUUID()}:events`
  })

  afterEach(async () => {
    await Promise.all([...open].map((stream) => stream.close()))
    open.clear()
    for (const peer of peers) peer.close()
    peers.clear()
  })

  function read(url = redis.url): Reading {
    const heard: string[] = []
    const lines: Line[] = []
    const say =
      (level: Line['level']) =>
      (details: object, message: string): void =>
        void lines.push({ level, text: `${message} ${JSON.stringify(details)}` })
    const log = { debug() {}, info: say('info'), warn: say('warn'), error: say('warn') }
    const stream = new RedisStream({ url, key, log })
    open.add(stream)
    const listen = async (): Promise<void> => {
      for (;;) heard.push(...(await stream.next()))
    }
    void listen()
    return { stream, heard, lines }
  }

  const isUp = ({ stream }: Reading): boolean => stream.status.state === 'up'
  const isDown = (reading: Reading): boolean => !isUp(reading)

  async function ask<T>(question: (client: ReturnType<typeof createClient>) => Promise<T>): Promise<T> {
    const client = createClient({ url: redis.url })
    await client.connect()
    try {
      return await question(client as never)
    } finally {
      client.destroy()
    }
  }

  /** A peer that takes connections and never says anything. */
  async function mute(): Promise<{ readonly url: string; readonly sockets: Set<Socket> }> {
    const sockets = new Set<Socket>()
    const server = createServer((socket) => {
      sockets.add(socket.on('close', () => sockets.delete(socket)))
      socket.on('error', () => {}).resume()
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    peers.add(server)
    return { url: `redis://127.0.0.1:${(server.address() as AddressInfo).port}`, sockets }
  }

  it('hands on every message in the order in which it was sent, from the first on', async () => {
    const [one, other] = [read(), read()]
    await until('both', () => isUp(one) && isUp(other))
    const sent = Array.from({ length: 5000 }, (_, n) => String(n))
    for (const text of sent) one.stream.add(text)
    await until('all of them', () => other.heard.length >= sent.length)
    assert.deepEqual(other.heard, sent)
    assert.deepEqual(other.stream.status, { state: 'up', sent: 0, heard: 5000, skipped: 0 })
    assert.equal(one.stream.status.sent, 5000)
  })

  it('is trimmed', async () => {
    const one = read()
    await until('it', () => isUp(one))
    const text = 'x'.repeat(17_000)
    for (let sent = 300; sent <= 4500; sent += 300) {
      for (let n = 0; n < 300; n++) one.stream.add(text)
      await until('all of them', () => one.stream.status.sent === sent)
    }
    const length = await ask((client) => client.xLen(key))
    assert.ok(length >= 4000 && length < 4100, `${length} entries`)
  })

  it('takes what is sent in one turn as few entries', async () => {
    const [one, other] = [read(), read()]
    await until('both', () => isUp(one) && isUp(other))
    const before = await ask((client) => client.xLen(key))
    for (let n = 0; n < 1000; n++) one.stream.add('a line of some letters')
    await until('all of them', () => other.heard.length === 1000)
    const entries = (await ask((client) => client.xLen(key))) - before
    assert.ok(entries < 20, `${entries} entries`)
  })

  it('skips and counts what cannot be sent, and says so once, while there is no Redis', async () => {
    await redis.kill()
    const one = read()
    for (let n = 0; n < 1000; n++) one.stream.add('lost')
    await until('a line', () => one.lines.length > 0)
    assert.deepEqual(one.stream.status, { state: 'down', sent: 0, heard: 0, skipped: 1000 })
    await redis.restart()
    await until('it', () => isUp(one))
    await ask((client) => client.xAdd(key, '*', { 0: 'told' }))
    await until('the message', () => one.heard.length > 0)
    assert.deepEqual(one.heard, ['told'])
    assert.deepEqual(
      one.lines.map(({ level }) => level),
      ['warn', 'info']
    )
  })

  it('goes on when Redis was killed and comes back empty', async () => {
    const [one, other] = [read(), read()]
    await until('both', () => isUp(one) && isUp(other))
    for (let n = 0; n < 3; n++) {
      await redis.kill()
      one.stream.add('lost')
      await until('the fault', () => isDown(one) && isDown(other))
      await redis.restart()
      await until('both again', () => isUp(one) && isUp(other))
      one.stream.add(`told ${n}`)
      await until('the message', () => other.heard.at(-1) === `told ${n}`)
    }
    assert.deepEqual(other.heard, ['told 0', 'told 1', 'told 2'])
    assert.equal(one.stream.status.sent, 3)
    assert.equal(one.stream.status.skipped, 3)
    assert.equal(one.lines.filter(({ level }) => level === 'warn').length, 3)
  })

  it('tells what was sent while its connections were broken, but for what is old by then', async () => {
    const one = read()
    await until('it', () => isUp(one))
    // An entry of the next minute sets the clock of the stream.
    const soon = Date.now() + 60_000
    await ask((client) =>
      client
        .multi()
        .addCommand(['CLIENT', 'KILL', 'TYPE', 'normal'])
        .xAdd(key, '*', { 0: 'old' })
        .xAdd(key, `${soon - 15_000}-0`, { 0: 'old too' })
        .xAdd(key, `${soon - 5000}-0`, { 0: 'meanwhile' })
        .xAdd(key, `${soon}-0`, { 0: 'just now' })
        .exec()
    )
    await until('it again', () => one.lines.length === 3 && isUp(one))
    await ask((client) => client.xAdd(key, '*', { 0: 'after' }))
    await until('the last', () => one.heard.includes('after'))
    assert.deepEqual(one.heard, ['meanwhile', 'just now', 'after'])
  })

  it('hears a Redis that lost the stream and whose clock is behind', async () => {
    const one = read()
    await until('it', () => isUp(one))
    await ask((client) => client.xAdd(key, '9999999999999-0', { 0: 'from the future' }))
    await until('the message', () => one.heard.length === 1)
    await redis.kill()
    await until('the fault', () => isDown(one))
    await redis.restart()
    await until('it again', () => isUp(one))
    await ask((client) => client.xAdd(key, '*', { 0: 'of today' }))
    await until('the message', () => one.heard.length === 2)
    assert.deepEqual(one.heard, ['from the future', 'of today'])
  })

  it('is down while Redis refuses to write, and up when it does not', async () => {
    await ask((client) => client.set(key, 'no stream'))
    const one = read()
    await until('the fault', () => one.lines.length > 0)
    assert.match(one.lines[0]?.text ?? '', /WRONGTYPE/)
    await ask((client) => client.del(key))
    await until('it', () => isUp(one))
    await ask((client) => client.set(key, 'no stream'))
    one.stream.add('refused')
    await until('the fault', () => isDown(one))
    await ask((client) => client.del(key))
    await until('it again', () => isUp(one))
    assert.equal(one.stream.status.skipped, 1)
    assert.equal(one.lines.length, 4)
  })

  it('keeps no more than so much for a Redis that stands still, and finds out that it does', async () => {
    const [one, other] = [read(), read()]
    await until('both', () => isUp(one) && isUp(other))
    redis.freeze()
    try {
      const data = 'x'.repeat(100_000)
      for (let n = 0; n < 1000; n++) one.stream.add(data)
      assert.ok(one.stream.status.skipped > 900, `${one.stream.status.skipped} skipped`)
      await until('the fault', () => isDown(one) && isDown(other), { timeoutMs: 30_000 })
    } finally {
      redis.thaw()
    }
    await until('both again', () => isUp(one) && isUp(other), { timeoutMs: 30_000 })
    one.stream.add('after')
    await until('the message', () => other.heard.includes('after'))
  })

  it('gives up a peer that takes the connection and never answers', async () => {
    const peer = await mute()
    const one = read(peer.url)
    await until('the fault', () => one.lines.length > 0, { timeoutMs: 30_000 })
    await until('the end of its connections', () => peer.sockets.size === 0)
    assert.equal(one.stream.status.state, 'down')
  })

  it('closes at once, whatever its peer does, and leaves no connection', async () => {
    const peer = await mute()
    const [waiting, lively] = [read(peer.url), read()]
    await until('a connection', () => peer.sockets.size > 0)
    await until('the other', () => isUp(lively))
    lively.stream.add('last')
    const from = performance.now()
    await Promise.all([waiting.stream.close(), lively.stream.close()])
    assert.ok(performance.now() - from < 5000)
    await until('the end of the connections', () => peer.sockets.size === 0)
    assert.equal(await ask((client) => client.xLen(key)), 2, 'a mark and what was sent last')
    assert.equal(waiting.lines.length, 0)
  })

  it('takes no more than the right to add to it and to read it', async function () {
    const user = 'signalbox on >word ~signalbox:* +xadd +xread +select'.split(' ')
    const limited = await ownRedisOrSkip(this, (port) => ['--port', `${port}`, '--user', ...user])
    try {
      const url = `redis://signalbox:word@127.0.0.1:${limited.port}/2`
      const [one, other] = [read(url), read(url)]
      await until('both', () => isUp(one) && isUp(other))
      one.stream.add('told')
      await until('the message', () => other.heard.length === 1)
    } finally {
      await limited.stop()
    }
  })

  it('says what is wrong with a password, without the password', async function () {
    const locked = await ownRedisOrSkip(this, (port) => [
      '--port',
      `${port}`,
      '--requirepass',
      'the right one'
    ])
    try {
      const url = (password: string): string =>
        `redis://:${encodeURIComponent(password)}@127.0.0.1:${locked.port}/3`
      const [wrong, right] = [read(url('a wrong secret')), read(url('the right one'))]
      await until('both', () => wrong.lines.length > 0 && isUp(right))
      assert.match(wrong.lines[0]?.text ?? '', /WRONGPASS/)
      assert.doesNotMatch(wrong.lines[0]?.text ?? '', /secret/)
    } finally {
      await locked.stop()
    }
  })
})
