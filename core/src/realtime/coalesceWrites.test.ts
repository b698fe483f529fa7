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
  let client: Socket
  let raw: RawSocket

  beforeEach(async () => {
    dropped = 0
    http = createServer()
    io = new Server(http)
    coalesceWrites(io, { unsentLimit: 200_000, onDrop: () => dropped++ })
    http.listen(0, '127.0.0.1')
    await once(http, 'listening')
    const { port } = http.address() as AddressInfo
    http.on('upgrade', (_, socket) => (raw = socket as RawSocket))
    client = connect(`http://127.0.0.1:${port}`, { transports: ['websocket'], reconnection: false })
    await once(client as never, 'connect')
  })

  afterEach(async () => {
    client.disconnect()
    io.disconnectSockets(true)
    http.close()
    await once(http, 'close')
  })

  it('leave once for each turn, whole and in order', async () => {
    let writes = 0
    const write = raw._writev?.bind(raw)
    raw._writev = (chunks, callback) => {
      writes++
      write?.(chunks, callback)
    }
    const single = raw._write.bind(raw)
    raw._write = (chunk, encoding, callback) => {
      writes++
      single(chunk, encoding, callback)
    }
    const heard: number[] = []
    client.on('n', (n: number) => heard.push(n))
    for (let n = 0; n < 50; n++) io.emit('n', n)
    await until('all of them', () => heard.length === 50)
    assert.deepEqual(heard, [...Array(50).keys()])
    assert.equal(writes, 1)
  })

  it('answer a call that was made in the same turn', async () => {
    io.on('connection', (socket) => socket.on('ask', (answer: (text: string) => void) => answer('yes')))
    const second = connect(`http://127.0.0.1:${(http.address() as AddressInfo).port}`, {
      transports: ['websocket'],
      reconnection: false,
      forceNew: true
    })
    assert.equal(await second.emitWithAck('ask'), 'yes')
    second.disconnect()
  })

  it('drop a peer that does not read, and only that one', async () => {
    const { port } = http.address() as AddressInfo
    const slow = connect(`http://127.0.0.1:${port}`, {
      transports: ['websocket'],
      reconnection: false,
      forceNew: true
    })
    await once(slow as never, 'connect')
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
    slow.disconnect()
  })
})
