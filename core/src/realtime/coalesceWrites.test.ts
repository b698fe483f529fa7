import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type Server as HttpServer } from 'node:http'
import type { AddressInfo, Socket as RawSocket } from 'node:net'
import { Server } from 'socket.io'
import { io as connect, type Socket } from 'socket.io-client'
import { until } from '../../../test/support/until.ts'
import { coalesceWrites } from './coalesceWrites.ts'

describe('Writes to sockets', () => {
  let http: HttpServer
  let io: Server
  let dropped: number
  let clients: Socket[]
  let raw: RawSocket

  const start = async ({ windowMs = 0 } = {}): Promise<void> => {
    dropped = 0
    clients = []
    http = createServer()
    io = new Server(http)
    coalesceWrites(io, { windowMs, unsentLimit: 200_000, onDrop: () => dropped++ })
    http.on('upgrade', (_, socket) => (raw = socket as RawSocket))
    http.listen(0, '127.0.0.1')
    await once(http, 'listening')
  }

  /** Connects a client, and makes `raw` the server's end of it. */
  const join = async (transports: string[] = ['websocket']): Promise<Socket> => {
    const { port } = http.address() as AddressInfo
    const client = connect(`http://127.0.0.1:${port}`, { transports, reconnection: false, forceNew: true })
    clients.push(client)
    await once(client as never, 'connect')
    return client
  }

  const hear = (client: Socket): number[] => {
    const heard: number[] = []
    client.on('n', (n: number) => heard.push(n))
    return heard
  }

  /** Says how many writes leave on `raw`, and lets each take so long. */
  const watchWrites = ({ takesMs = 0 } = {}): { count: number } => {
    const writes = { count: 0 }
    const handle = raw as unknown as Record<'_write' | '_writev', (...args: unknown[]) => void>
    for (const name of ['_write', '_writev'] as const) {
      const write = handle[name].bind(raw)
      handle[name] = (...args) => {
        writes.count++
        const end = performance.now() + takesMs
        while (performance.now() < end);
        write(...args)
      }
    }
    return writes
  }

  afterEach(async () => {
    for (const client of clients) client.disconnect()
    io.disconnectSockets(true)
    http.close()
    await once(http, 'close')
  })

  it('leave once for each turn, whole and in order', async () => {
    await start()
    const client = await join()
    const writes = watchWrites()
    const heard = hear(client)
    for (let n = 0; n < 50; n++) io.emit('n', n)
    await until('all of them', () => heard.length === 50)
    assert.deepEqual(heard, [...Array(50).keys()])
    assert.equal(writes.count, 1)
  })

  it('keep their order where some are for all and some for one, on either transport', async () => {
    await start({ windowMs: 20 })
    const heard: number[][] = []
    for (const transports of [['websocket'], ['polling'], ['websocket']])
      heard.push(hear(await join(transports)))
    for (let n = 0; n < 300; n++) {
      if (n % 7 === 3) for (const socket of io.sockets.sockets.values()) socket.emit('n', n)
      else if (n % 50 === 20) io.emit('n', n, Buffer.from('binary'))
      else io.emit('n', n)
      if (n % 3 === 0) await new Promise((resolve) => setImmediate(resolve))
    }
    await until('all of them', () => heard.every(({ length }) => length === 300))
    for (const one of heard) assert.deepEqual(one, [...Array(300).keys()])
  })

  it('answer a call that was made in the same turn', async () => {
    await start()
    io.on('connection', (socket) => socket.on('ask', (answer: (text: string) => void) => answer('yes')))
    const client = await join()
    assert.equal(await client.emitWithAck('ask'), 'yes')
  })

  it('wait under load for others of their kind, but not where one is for one socket', async () => {
    // It is over long after the test: what comes has not waited for it.
    await start({ windowMs: 60_000 })
    io.on('connection', (socket) => {
      socket.on('ask', (answer: () => void) => {
        for (let n = 1; n <= 5; n++) io.emit('n', n)
        setImmediate(() => setImmediate(answer))
      })
    })
    const client = await join()
    const heard = hear(client)
    const writes = watchWrites({ takesMs: 50 })
    io.emit('n', 0)
    await until('the first', () => heard.length === 1)
    const before = writes.count
    await client.emitWithAck('ask')
    assert.deepEqual(heard, [0, 1, 2, 3, 4, 5])
    assert.equal(writes.count, before + 1)
  })

  it('drop a peer that does not read, and only that one', async () => {
    await start()
    const client = await join()
    const slow = await join()
    const slowRaw = raw
    const far = (slow.io.engine.transport as unknown as { ws: { _socket: RawSocket } }).ws._socket
    far.pause()
    const text = 'x'.repeat(50_000)
    await until('the drop', () => {
      io.emit('big', text)
      return dropped > 0
    })
    await until('its end', () => slowRaw.destroyed || slowRaw.writableEnded)
    assert.equal(dropped, 1)
    assert.ok(client.connected)
    far.destroy()
  })
})
