import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { Server } from 'node:http'
import { connect, type AddressInfo, type Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { feathers } from '@feathersjs/feathers'
import { createHttpServer } from './createHttpServer.ts'

const log = { debug() {}, info() {}, warn() {}, error() {} }

describe('The HTTP server', () => {
  let server: Server
  const routes: string[] = []

  before(async () => {
    server = createHttpServer({
      app: feathers(),
      log,
      trustProxy: false,
      corsOrigins: [],
      observe: ({ route, status }) => routes.push(`${route} ${status}`),
      timeouts: { headersMs: 150, requestMs: 300 },
      doors: [
        async (ctx) => {
          if (ctx.path === '/broken') throw new Error('secret')
          await text(ctx.req)
          ctx.state['route'] = '/known'
          ctx.body = 'yes'
        }
      ]
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
  })
  after(async () => {
    server.close()
    server.closeAllConnections()
    await once(server, 'close')
  })

  const dial = (): Socket => connect((server.address() as AddressInfo).port, '127.0.0.1')

  it('cuts a client that sends its headers too slowly', async () => {
    const slow = dial()
    slow.write('GET / HTTP/1.1\r\nhost: x\r\nx-slow: ')
    const drip = setInterval(() => slow.write('x'), 20)
    slow.on('error', () => {})
    try {
      assert.match(await text(slow), /^HTTP\/1\.1 408 /)
    } finally {
      clearInterval(drip)
      slow.destroy()
    }
  })

  it('cuts a client that sends its body too slowly', async () => {
    const slow = dial()
    slow.write('POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 100000\r\n\r\n')
    const drip = setInterval(() => slow.write('x'), 20)
    slow.on('error', () => {})
    try {
      await text(slow).catch(() => {})
      assert.ok(slow.readableEnded || slow.destroyed)
    } finally {
      clearInterval(drip)
      slow.destroy()
    }
  })

  it('answers what is not HTTP, or too long, with a status and closes', async () => {
    for (const [sent, status] of [
      ['nonsense\r\n\r\n', 400],
      ['GET / HTTP/1.1\r\n\r\n', 400],
      ['GET / HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n', 400],
      ['GET / HTTP/1.1\r\nhost: x\r\ncontent-length: -1\r\n\r\n', 400],
      [`GET / HTTP/1.1\r\nhost: x\r\nx-long: ${'x'.repeat(20_000)}\r\n\r\n`, 431],
      [`GET /${'x'.repeat(20_000)} HTTP/1.1\r\nhost: x\r\n\r\n`, 431],
      ['POST / HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n', 400]
    ] as const) {
      const raw = dial()
      raw.write(sent)
      assert.match(await text(raw), new RegExp(`^HTTP/1\\.1 ${status} `), JSON.stringify(sent.slice(0, 60)))
    }
  })

  it('tells of each answer its route and status, and of an unknown path no more than that', async () => {
    routes.length = 0
    for (const path of ['/a/secret', '/broken']) {
      const raw = dial()
      raw.write(`GET ${path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`)
      await text(raw)
    }
    assert.deepEqual(routes, ['/known 200', 'none 500'])
  })
})
