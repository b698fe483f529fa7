import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type Server as HttpServer } from 'node:http'
import type { AddressInfo, Socket as RawSocket } from 'node:net'
import { createClient } from '@redis/client'
import { Server } from 'socket.io'
import { io as connect, type Socket } from 'socket.io-client'
import { redisOrSkip, type TestRedis } from '../../../test/support/redis.ts'
import { until } from '../../../test/support/until.ts'
import { coalesceWrites } from './coalesceWrites.ts'
import { redisAdapter } from './redisAdapter.ts'
import { RedisStream } from './RedisStream.ts'

const log = { debug() {}, info() {}, warn() {}, error() {} }

/** A node with one client, which stands in the room named after the node and in `all`. */
interface Node {
  readonly io: Server
  readonly stream: RedisStream
  readonly client: Socket
  readonly raw: RawSocket
  readonly heard: unknown[][]
  trusts: boolean
  close(): Promise<void>
}

describe('Events through Redis', function () {
  this.timeout(30_000)
  let redis: TestRedis
  let key: string
  let nodes: Node[]

  before(async function () {
    redis = await redisOrSkip(this)
  })

  after(() => redis?.stop())

  beforeEach(async () => {
    key = `signalbox:test-${randomUUID()}:events`
    nodes = [await start('one'), await start('two')]
    await until('both', () => nodes.every(({ stream }) => stream.status.state === 'up'))
  })

  afterEach(async () => {
    await Promise.all(nodes.map((node) => node.close()))
    await write((client) => client.del(key))
  })

  async function start(name: string, url = redis.url): Promise<Node> {
    const http = createServer()
    const stream = new RedisStream({ url, key, log })
    const node = { trusts: true }
    const io = new Server(http, { adapter: redisAdapter(stream, () => node.trusts) })
    coalesceWrites(io, { windowMs: 0, unsentLimit: 10_000_000, onDrop: () => {} })
    io.on('connection', (socket) => void socket.join([name, 'all']))
    http.listen(0, '127.0.0.1')
    await once(http, 'listening')
    let raw: RawSocket | undefined
    http.on('upgrade', (_, socket) => (raw = socket as RawSocket))
    const client = connect(`http://127.0.0.1:${(http.address() as AddressInfo).port}`, {
      transports: ['websocket'],
      reconnection: false,
      forceNew: true
    })
    const heard: unknown[][] = []
    client.onAny((...event: unknown[]) => heard.push(event))
    await once(client as never, 'connect')
    await until('the room', () => io.sockets.adapter.rooms.has(name))
    return Object.assign(node, {
      io,
      stream,
      client,
      raw: raw as RawSocket,
      heard,
      close: () => closeNode(io, { http, stream, client })
    })
  }

  async function write(
    command: (client: ReturnType<typeof createClient>) => Promise<unknown>
  ): Promise<void> {
    const client = createClient({ url: redis.url })
    await client.connect()
    await command(client as never)
    client.destroy()
  }

  /** What the second node's client heard when the first emitted something that it hears for certain. */
  async function heardAtTwo(): Promise<unknown[][]> {
    const [one, two] = nodes as [Node, Node]
    one.io.to('two').emit('last')
    await until('the last', () => two.heard.some(([event]) => event === 'last'))
    return two.heard.filter(([event]) => event !== 'last')
  }

  it('are heard in their rooms at each node, once, and not by those whom each leaves out', async () => {
    const [one, two] = nodes as [Node, Node]
    one.io.to(['all', 'two']).emit('said', { to: 'all' })
    one.io.to('one').emit('said', { to: 'one' })
    one.io.to('all').except('two').emit('said', { to: 'all but two' })
    one.io.to('all').except('one').emit('said', { to: 'all but one' })
    one.io.to('nobody').emit('said', { to: 'nobody' })
    assert.deepEqual(await heardAtTwo(), [
      ['said', { to: 'all' }],
      ['said', { to: 'all but one' }]
    ])
    assert.deepEqual(
      one.heard.map(([, payload]) => (payload as { to: string }).to),
      ['all', 'one', 'all but two']
    )
    assert.equal(two.stream.status.heard, 6)
  })

  it('keep their order, whole, beside bytes', async () => {
    const [one, two] = nodes as [Node, Node]
    const bytes = Buffer.from([0, 255, 128])
    for (let n = 0; n < 2000; n++) one.io.to('all').emit('n', { n, text: 'Grüße\n', none: null })
    one.io.to('all').emit('bytes', { bytes })
    await until('all of them', () => two.heard.length > 2000)
    assert.deepEqual(
      two.heard.slice(0, 2000),
      Array.from({ length: 2000 }, (_, n) => ['n', { n, text: 'Grüße\n', none: null }])
    )
    assert.deepEqual(two.heard[2000], ['bytes', { bytes }])
    assert.deepEqual(one.heard, two.heard)
  })

  it('leave in few writes where they come in quick succession', async () => {
    const [one, two] = nodes as [Node, Node]
    let writes = 0
    const { raw } = two
    const [single, many] = [raw._write.bind(raw), raw._writev?.bind(raw)]
    raw._write = (...chunk) => {
      writes++
      single(...chunk)
    }
    raw._writev = (...chunks) => {
      writes++
      many?.(...chunks)
    }
    for (let n = 0; n < 1000; n++) one.io.to('all').emit('n', n)
    await until('all of them', () => two.heard.length >= 1000)
    console.log(`      1000 events of another node in ${writes} writes`)
    assert.ok(writes <= 100, `${writes} writes`)
  })

  it('stay where they are local', async () => {
    const [one] = nodes as [Node, Node]
    one.io.local.to('all').emit('change', 1)
    assert.deepEqual(await heardAtTwo(), [])
    await until('the event', () => one.heard.length === 1)
  })

  it('reach the sockets of their own node in the same turn, also where there is no Redis', async () => {
    const alone = await start('alone', 'redis://127.0.0.1:1')
    try {
      const sent: string[] = []
      for (const { conn } of alone.io.sockets.sockets.values())
        conn.on('packetCreate', ({ data }: { data?: string }) => sent.push(String(data)))
      alone.io.to('all').emit('said', 1)
      assert.deepEqual(sent, ['2["said",1]'])
      await until('the event', () => alone.heard.length === 1)
      assert.equal(alone.stream.status.skipped, 1)
    } finally {
      await alone.close()
    }
  })

  it('fail in the hands of whoever emits what cannot be written', async () => {
    const [one] = nodes as [Node, Node]
    const ring: { self?: object } = {}
    ring.self = ring
    assert.throws(() => one.io.to('all').emit('bad', ring))
    assert.throws(() => one.io.to('all').emit('bad', 1n))
    assert.deepEqual(await heardAtTwo(), [])
  })

  it('are not told by a node that does not hear which rights are withdrawn', async () => {
    const [one, two] = nodes as [Node, Node]
    two.trusts = false
    one.io.to('all').emit('said', 'meanwhile')
    await until('the message', () => two.stream.status.heard === 1)
    two.trusts = true
    assert.deepEqual(await heardAtTwo(), [])
  })

  it('are all that a stream can hold: no socket is moved or cut by it, and rubbish is passed over', async () => {
    const [, two] = nodes as [Node, Node]
    const opts = { rooms: ['all'], except: [], flags: {} }
    const packet = { type: 2, data: ['said', 'by a stranger'] }
    const texts = [
      { opts, rooms: ['entered'] },
      { opts, close: true },
      { opts, packet, requestId: 'x' },
      { opts, packet: { type: 1, data: [] } },
      { opts: { rooms: 'all', except: [] }, packet },
      { opts: { ...opts, rooms: [] }, packet },
      { opts, packet: null },
      {},
      { opts, packet }
    ].map((message) => JSON.stringify(message))
    await write(async (client) => {
      await client.xAdd(key, '*', {
        uid: 'stranger',
        nsp: '/',
        type: '6',
        data: JSON.stringify({ opts, close: true })
      })
      await client.xAdd(key, '*', { nonsense: 'yes', 1: 'no first' })
      const all = ['{"opts":', 'bm90IG1zZ3BhY2s=', 'null', '', ...texts]
      await client.xAdd(key, '*', Object.fromEntries(all.entries()) as Record<string, string>)
    })
    assert.deepEqual(await heardAtTwo(), [['said', 'by a stranger']])
    const { rooms } = two.io.sockets.adapter
    assert.equal(rooms.get('all')?.size, 1)
    assert.equal(rooms.has('entered'), false)
    assert.ok(two.client.connected)
  })

  it('go on when one node cuts all its sockets and leaves', async () => {
    const [one, two] = nodes as [Node, Node]
    const three = await start('three')
    await until('it', () => three.stream.status.state === 'up')
    const cut = once(three.client as never, 'disconnect')
    await three.close()
    await cut
    one.io.to('two').emit('said', 1)
    assert.deepEqual(await heardAtTwo(), [['said', 1]])
    assert.ok(one.client.connected && two.client.connected)
  })
})

async function closeNode(
  io: Server,
  {
    http,
    stream,
    client
  }: { readonly http: HttpServer; readonly stream: RedisStream; readonly client: Socket }
): Promise<void> {
  void io.sockets.adapter.close()
  io.local.disconnectSockets(true)
  io.engine.close()
  await stream.close()
  client.disconnect()
  http.close()
  http.closeAllConnections()
  await once(http, 'close')
}
