import assert from 'node:assert/strict'
import { once } from 'node:events'
import { request } from 'node:http'
import { connect, type Socket as RawSocket } from 'node:net'
import { text } from 'node:stream/consumers'
import { definePlugin, type Context, type DoorRequest, type DoorSocket } from '@signalbox/plugin'
import { WebSocket } from 'ws'
import { startTestPlatform, type TestPlatform } from '../support/startTestPlatform.ts'
import { until } from '../support/until.ts'
import { assertFailure, connected, cut } from './support.ts'

interface Guest {
  readonly socket: DoorSocket
  readonly request: DoorRequest
  readonly heard: (string | Uint8Array)[]
  readonly rights: (readonly string[])[]
  closed: number | undefined
}

describe('Native WebSocket doors', function () {
  this.timeout(60_000)
  const guests: Guest[] = []
  let ctx: Context
  let platform: TestPlatform

  const greet = (socket: DoorSocket, request: DoorRequest): void => {
    const guest: Guest = { socket, request, heard: [], rights: [], closed: undefined }
    guests.push(guest)
    socket.onMessage((message) => void guest.heard.push(message))
    socket.onRights(({ roles }) => void guest.rights.push(roles))
    socket.onClose((code) => (guest.closed = code))
  }
  const house = definePlugin({
    name: '@signalbox/house',
    version: '1.0.0',
    platform: '^1.0.0',
    start: async (context) => {
      ctx = context as Context
      ctx.door({ path: '/ws', onConnection: greet, unsentLimit: 100_000 })
      ctx.door({ path: '/small', onConnection: greet, maxPayload: 100, maxConnections: 1 })
      ctx.door({ path: '/quick', onConnection: greet, heartbeatSeconds: 0.05 })
      ctx.door({ path: '/esp32/v2', onConnection: () => Promise.reject(new Error('the device is broken')) })
      ctx.door({
        path: '/echo',
        onConnection: async (socket) => {
          await new Promise((resolve) => setImmediate(resolve))
          socket.onMessage((message) => {
            if (message === 'break') throw new Error('broken')
            socket.send(message)
          })
        }
      })
    }
  })

  before(async () => {
    platform = await startTestPlatform({ plugins: [house()], basePath: '/site', trustProxy: true })
  })
  after(() => platform?.stop())

  const url = (path: string) => platform.url.replace(/^http/, 'ws') + path
  const come = async (path: string, protocols: string[] = [], headers = {}): Promise<WebSocket> => {
    const peer = new WebSocket(url(path), protocols, { headers })
    await once(peer, 'open')
    return peer
  }
  const guestAfter = (before: number) => until('the guest', () => guests[before])
  const closed = async (peer: WebSocket): Promise<number> => {
    const [code] = (await once(peer, 'close')) as [number]
    return code
  }

  it('hand over text and bytes, and what the peer came with', async () => {
    const before = guests.length
    const peer = await come('/ws?token=a%20b', ['secret-token', 'other'], {
      'x-forwarded-for': '6.6.6.6, 192.0.2.7'
    })
    const { socket, request, heard } = await guestAfter(before)
    assert.equal(peer.protocol, 'secret-token')
    assert.deepEqual(request.protocols, ['secret-token', 'other'])
    assert.equal(request.query.get('token'), 'a b')
    assert.equal(request.address, '192.0.2.7')
    peer.send('text')
    peer.send(Buffer.from([1, 2]))
    await until('both', () => heard.length === 2)
    assert.equal(heard[0], 'text')
    assert.deepEqual([...(heard[1] as Uint8Array)], [1, 2])
    assert.equal(socket.send('back'), true)
    const [data, isBinary] = await once(peer, 'message')
    assert.deepEqual([String(data), isBinary], ['back', false])
    socket.close(4000, 'enough')
    assert.equal(await closed(peer), 4000)
    assert.equal(socket.send('late'), false)
  })

  it('hold back what comes before the plugin is ready to hear it', async () => {
    const peer = new WebSocket(url('/echo'))
    peer.on('open', () => peer.send('early'))
    const [data] = await once(peer, 'message')
    assert.equal(String(data), 'early')
    peer.close()
    await closed(peer)
  })

  it('close the connection of which the handler fails, and no other', async () => {
    assert.equal(await closed(await come('/esp32/v2')), 1011)
    const [one, other] = [await come('/echo'), await come('/echo')]
    one.send('break')
    assert.equal(await closed(one), 1011)
    other.send('still here')
    assert.equal(String((await once(other, 'message'))[0]), 'still here')
    other.close()
  })

  it('are where they were opened, below the base path, and nowhere else', async () => {
    for (const path of ['/nothing', '/ws/more', '/wss', '/api/health', '/constructor', '/%77s', '/'])
      assert.equal((await refused(`/site${path}`)).status, 404, path)
    assert.equal((await refused('/ws')).status, 404)
    assert.equal((await refused('/site/socket.io')).status, 404)
    assert.equal((await refused('/site/ws', { upgrade: 'h2c' })).status, 400)
    assert.equal((await refused('/site/ws', { 'sec-websocket-version': '1' })).status, 400)
    assert.equal((await refused('/site/ws', { 'sec-websocket-key': 'short' })).status, 400)
    const trailing = await come('/ws/')
    trailing.close()
  })

  it('refuse an unknown path in the form of every error, and close the TCP connection', async () => {
    const { body, socket } = await refused('/site/nothing')
    assertFailure(JSON.parse(body), 404)
    await until('the end of the connection', () => socket.destroyed)
  })

  it('take each path once, and none of the platform’s own', () => {
    const open = (path: string) => () => ctx.door({ path, onConnection: greet })
    assert.throws(open('/ws'), /There is a door at \/ws already/)
    for (const path of ['/api', '/api/ws', '/socket.io', '/socket.io/x'])
      assert.throws(open(path), /own doors/)
    for (const path of ['ws', '', '/', '/a b', '/a?b', '/a//b', '/ü'])
      assert.throws(open(path), /no path for a door/)
  })

  it('let in so many peers and no more, and take messages up to their size', async () => {
    const first = await come('/small')
    const { status, body } = await refused('/site/small')
    assert.equal(status, 503)
    assertFailure(JSON.parse(body), 503)
    first.send('x'.repeat(101))
    assert.equal(await closed(first), 1009)
    const second = await until('room', () => come('/small').catch(() => undefined))
    second.close()
  })

  it('drop a peer that answers no ping, and keep one that does', async () => {
    const before = guests.length
    const peer = await come('/quick')
    const mute = rawUpgrade('/site/quick')
    await until('both guests', () => guests.length === before + 2)
    const [alive, dead] = guests.slice(before) as [Guest, Guest]
    await until('the end of the mute one', () => dead.closed !== undefined)
    assert.equal(dead.closed, 1006)
    assert.equal(alive.closed, undefined)
    await until('its end', () => mute.destroyed || mute.readableEnded)
    mute.destroy()
    peer.close()
  })

  it('refuse to send more to a peer that does not read, and send again when it does', async () => {
    const before = guests.length
    const peer = await come('/ws')
    const { socket } = await guestAfter(before)
    let bytes = 0
    peer.on('message', (data) => (bytes += (data as Buffer).length))
    peer.pause()
    const frame = Buffer.alloc(50_000)
    let sent = 0
    await until(
      'the bound',
      () => {
        if (!socket.send(frame)) return true
        sent += frame.length
        return false
      },
      { everyMs: 0 }
    )
    assert.ok(socket.unsent <= 100_000 + frame.length + 100, String(socket.unsent))
    peer.resume()
    await until('all that was sent', () => bytes === sent)
    assert.equal(socket.send('again'), true)
    peer.close()
  })

  it('survive frames that break the protocol', async () => {
    for (const bytes of [
      [0xff, 0xff, 0xff],
      [0x81, 0x05, 1, 2, 3, 4, 5],
      [0x81, 0x82, 0, 0, 0, 0, 0xc3, 0x28],
      [0x88, 0x81, 0, 0, 0, 0, 1],
      [0x81, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0]
    ]) {
      const before = guests.length
      const raw = rawUpgrade('/site/ws')
      const guest = await guestAfter(before)
      raw.write(Buffer.from(bytes))
      raw.resume().on('end', () => raw.end())
      await until('its end', () => guest.closed !== undefined)
      raw.destroy()
    }
    const peer = await come('/echo')
    peer.send('alive')
    await once(peer, 'message')
    peer.close()
  })

  it('know who signed in, tell them of new rights, and close when the account is suspended', async () => {
    const admin = await platform.admin()
    const viewer = await platform.client('viewer')
    const before = guests.length
    const peer = await come('/ws')
    const guest = await guestAfter(before)
    assert.equal(await guest.socket.signIn('nonsense'), undefined)
    assert.equal(await guest.socket.signIn(undefined), undefined)
    assert.equal((await guest.socket.signIn(viewer.token))?.userId, viewer.id)
    await admin.api('PATCH', `/users/${viewer.id}`, { role: 'operator' })
    await until('the new role', () => guest.rights.at(-1)?.includes('operator'))
    assert.deepEqual(guest.socket.caller?.roles, ['operator'])
    const gone = closed(peer)
    await admin.api('PATCH', `/users/${viewer.id}`, { status: 'suspended' })
    assert.equal(await gone, 1008)
    assert.equal(guest.socket.caller, undefined)
    assert.equal(guest.socket.send('secret'), false)
  })

  it('close the connections of a session that ends, and not those of another', async () => {
    const person = await platform.client('viewer')
    const other = await platform.client('viewer')
    const before = guests.length
    const [first, second] = [await come('/ws'), await come('/ws')]
    await guestAfter(before + 1)
    await guests[before]?.socket.signIn(person.token)
    await guests[before + 1]?.socket.signIn(other.token)
    const gone = closed(first)
    await person.api('POST', '/auth/logout')
    assert.equal(await gone, 1008)
    assert.equal(second.readyState, WebSocket.OPEN)
    second.close()
  })

  it('leave Socket.IO to Socket.IO, on WebSocket and below the same base path', async () => {
    const { token } = await platform.admin()
    const socket = await connected(platform.unconnected({ token }))
    const peer = await come('/echo')
    peer.send('beside')
    await once(peer, 'message')
    assert.ok(socket.connected)
    peer.close()
    socket.disconnect()
  })

  it('are closed with the platform, with peers told and silent ones cut', async () => {
    const started = await startTestPlatform({ plugins: [house()] })
    const address = started.url.replace(/^http/, 'ws')
    const peer = new WebSocket(`${address}/echo`)
    await once(peer, 'open')
    const socket = await connected(started.unconnected({ token: (await started.admin()).token }))
    const silent = rawUpgrade('/ws', started.url)
    await once(silent, 'data')
    const [told, gone] = [closed(peer), cut(socket)]
    await started.stop()
    assert.equal(await told, 1001)
    await gone
    await until('the end of the silent one', () => silent.destroyed || silent.readableEnded)
    silent.destroy()
  })

  /** An upgrade as a raw connection that answers nothing by itself. */
  function rawUpgrade(path: string, to = platform.url): RawSocket {
    const { port, hostname } = new URL(to)
    const raw = connect(Number(port), hostname)
    const head = Object.entries(upgradeHeaders).map(([name, value]) => `${name}: ${value}\r\n`)
    raw.write(`GET ${path} HTTP/1.1\r\nhost: ${hostname}\r\n${head.join('')}\r\n`)
    raw.on('error', () => {})
    raw.resume()
    return raw
  }

  async function refused(path: string, headers: Record<string, string> = {}) {
    const { port, hostname } = new URL(platform.url)
    const sent = request({ hostname, port, path, headers: { ...upgradeHeaders, ...headers }, agent: false })
    sent.end()
    const [response] = await once(sent, 'response')
    return {
      status: response.statusCode as number,
      body: await text(response),
      socket: response.socket as RawSocket
    }
  }
})

const upgradeHeaders = {
  connection: 'Upgrade',
  upgrade: 'websocket',
  'sec-websocket-version': '13',
  'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ=='
}
