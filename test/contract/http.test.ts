import assert from 'node:assert/strict'
import { once } from 'node:events'
import { Agent, request, type IncomingMessage } from 'node:http'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { recorder } from '@signalbox/recorder'
import { startTestPlatform, type TestClient, type TestPlatform } from '../support/startTestPlatform.ts'
import { fails, raw } from './support.ts'

const allowed = 'https://app.example.org'
const camera = { name: 'Gate', protocol: 'test' }

describe('HTTP, behind a trusted proxy and below a base path', function () {
  this.timeout(60_000)
  let platform: TestPlatform
  let admin: TestClient

  before(async () => {
    platform = await startTestPlatform({
      plugins: [recorder()],
      basePath: '/site',
      trustProxy: true,
      corsOrigins: [allowed]
    })
    admin = await platform.admin()
  })
  after(() => platform?.stop())

  const send = (path: string, headers: Record<string, string> = {}, method = 'GET') =>
    raw(platform.url, path, { method, headers: { authorization: `Bearer ${admin.token}`, ...headers } })

  it('answers an allowed origin, errors too, and names what a page may read', async () => {
    for (const headers of [{}, { authorization: 'Bearer nonsense' }]) {
      const answer = await send('/site/api/cameras', { origin: allowed, ...headers })
      assert.equal(answer.headers.get('access-control-allow-origin'), allowed)
      assert.match(String(answer.headers.get('vary')), /origin/i)
      const exposed = String(answer.headers.get('access-control-expose-headers'))
      for (const name of ['ETag', 'Link', 'Location', 'Retry-After', 'X-Total-Count'])
        assert.ok(exposed.includes(name))
      assert.equal(answer.headers.get('access-control-allow-credentials'), null)
    }
  })

  it('tells another origin nothing that a browser would take for leave', async () => {
    for (const origin of [
      'https://evil.example.org',
      `${allowed}.evil.example`,
      'null',
      'http://app.example.org'
    ]) {
      const { headers } = await send('/site/api/cameras', { origin })
      assert.equal(headers.get('access-control-allow-origin'), null, origin)
      const preflight = await send(
        '/site/api/cameras',
        { origin, 'access-control-request-method': 'POST' },
        'OPTIONS'
      )
      assert.equal(preflight.status, 405)
      assert.equal(preflight.headers.get('access-control-allow-origin'), null)
    }
  })

  it('answers a preflight of an allowed origin without a token', async () => {
    const answer = await raw(platform.url, '/site/api/cameras/x', {
      method: 'OPTIONS',
      headers: {
        origin: allowed,
        'access-control-request-method': 'PATCH',
        'access-control-request-headers': 'authorization,content-type,if-match'
      }
    })
    assert.equal(answer.status, 204)
    assert.equal(answer.headers.get('access-control-allow-origin'), allowed)
    assert.match(String(answer.headers.get('access-control-allow-methods')), /PATCH/)
    assert.equal(answer.headers.get('access-control-allow-headers'), 'authorization,content-type,if-match')
    assert.equal(answer.headers.get('access-control-max-age'), '600')
  })

  it('answers OPTIONS that is no preflight with the methods of the path', async () => {
    const { headers } = await fails(send('/site/api/cameras', {}, 'OPTIONS'), 405)
    assert.deepEqual(headers.get('allow')?.split(', ').toSorted(), ['GET', 'POST'])
  })

  it('sends the security headers with every answer, and HSTS where the proxy speaks TLS', async () => {
    for (const path of ['/site/api/health', '/site/api/nothing', '/site/api/cameras', '/elsewhere']) {
      const { headers } = await send(path)
      assert.equal(headers.get('x-content-type-options'), 'nosniff')
      assert.equal(headers.get('x-frame-options'), 'DENY')
      assert.equal(headers.get('referrer-policy'), 'no-referrer')
      assert.equal(headers.get('cache-control'), 'no-store')
      assert.equal(headers.get('strict-transport-security'), null)
      assert.equal(headers.get('server') ?? headers.get('x-powered-by'), null)
      const behindTls = await send(path, { 'x-forwarded-proto': 'https' })
      assert.equal(behindTls.headers.get('strict-transport-security'), 'max-age=31536000')
    }
  })

  it('keeps the base path in Location and Link, and answers nothing outside of it', async () => {
    const { headers, body } = await admin.api('POST', '/cameras', camera)
    assert.equal(headers.get('location'), `/site/api/cameras/${body.id}`)
    assert.equal((await send(String(headers.get('location')))).body.id, body.id)
    await admin.api('POST', '/cameras', camera)
    const page = await send('/site/api/cameras?$limit=1')
    const next = /<([^>]+)>; rel="next"/.exec(page.headers.get('link') ?? '')?.[1]
    assert.ok(next?.startsWith('/site/api/cameras?'), next)
    assert.equal((await send(next ?? '')).status, 200)
    for (const path of ['/api/health', '/', '/metrics', '/siteapi/health', '/site/../api/health'])
      await fails(send(path), 404)
  })

  it('keeps the base path in the documents', async () => {
    const document = (await send('/site/api/openapi.json')).body
    const [server] = document.servers as [{ readonly url: string }]
    for (const path of Object.keys(document.paths as object)) {
      const full = server.url.replace(/\/$/, '') + path
      assert.ok(full.startsWith('/site/api/') || full.startsWith('/site/.well-known/'), full)
    }
    const page = await fetch(`${platform.url}/`, { headers: { accept: 'text/html' } })
    const links = [...(await page.text()).matchAll(/href="(\/[^"]*)"/g)].map(([, href]) => href as string)
    assert.ok(links.length > 0)
    for (const link of links) assert.ok(link.startsWith('/site'), link)
    assert.equal((await send('/site/.well-known/signalbox.json')).status, 200)
  })

  it('answers HEAD as GET without a body', async () => {
    const { body } = await admin.api('POST', '/cameras', camera)
    for (const path of [
      `/site/api/cameras/${body.id}`,
      '/site/api/cameras',
      '/site/api/openapi.json',
      '/site/metrics'
    ]) {
      const [get, head] = [await fetchText(path, 'GET'), await fetchText(path, 'HEAD')]
      assert.equal(head.status, 200, path)
      assert.equal(head.text, '')
      assert.equal(head.type, get.type)
      assert.equal(head.etag, get.etag)
    }
    assert.equal((await fetchText('/site/api/cameras/nobody', 'HEAD')).status, 404)
    assert.equal((await fetchText('/site/api/auth/login', 'HEAD')).status, 405)
  })

  it('asks for a body that waits for 100 Continue, and refuses another expectation', async () => {
    const body = JSON.stringify(camera)
    const sent = await exchange(
      [
        'POST /site/api/cameras HTTP/1.1',
        'content-type: application/json',
        `content-length: ${body.length}`,
        'expect: 100-continue'
      ],
      body
    )
    assert.match(sent, /^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 201 /)
    assert.match(await exchange(['GET /site/api/health HTTP/1.1', 'expect: a-miracle']), /^HTTP\/1\.1 417 /)
  })

  it('keeps a connection for the next request, after an error too', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    const ports = new Set<number | undefined>()
    try {
      for (const path of ['/site/api/health', '/site/api/nothing', '/site/api/cameras', '/site/api/health']) {
        const sent = request(`${new URL(platform.url).origin}${path}`, { agent })
        sent.end()
        const [response] = (await once(sent, 'response')) as [IncomingMessage]
        ports.add(response.socket.localPort)
        await text(response)
      }
    } finally {
      agent.destroy()
    }
    assert.equal(ports.size, 1)
  })

  it('does not compress', async () => {
    const { headers } = await send('/site/api/openapi.json', { 'accept-encoding': 'gzip, br' })
    assert.equal(headers.get('content-encoding'), null)
  })

  it('limits log-ins by the address that the proxy saw, whatever the client says of itself', async () => {
    const logIn = (forwarded: string) =>
      raw(platform.url, '/site/api/auth/login', {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-forwarded-for': forwarded },
        body: JSON.stringify({ email: 'victim@example.org', password: 'guess' })
      })
    const statuses: number[] = []
    for (let n = 0; n < 15; n++) statuses.push((await logIn(`10.1.1.${n}, 203.0.113.9`)).status)
    assert.ok(statuses.includes(429), statuses.join(' '))
    assert.equal((await logIn('203.0.113.9, 198.51.100.7')).status, 401)
  })

  async function fetchText(path: string, method: string) {
    const { origin } = new URL(platform.url)
    const response = await fetch(origin + path, {
      method,
      headers: { authorization: `Bearer ${admin.token}` }
    })
    const { headers, status } = response
    return {
      status,
      text: await response.text(),
      type: headers.get('content-type'),
      etag: headers.get('etag')
    }
  }

  async function exchange(head: readonly string[], body = ''): Promise<string> {
    const { port, hostname } = new URL(platform.url)
    const socket = connect(Number(port), hostname)
    const [first, ...headers] = head
    const more = ['host: x', `authorization: Bearer ${admin.token}`, 'connection: close']
    socket.write(`${[first, ...more, ...headers].join('\r\n')}\r\n\r\n`)
    const received = text(socket)
    if (body) socket.once('data', () => socket.write(body))
    return received
  }
})

describe('HTTP, without a proxy', function () {
  this.timeout(60_000)

  it('believes no forwarded address or protocol', async () => {
    const platform = await startTestPlatform()
    try {
      const answer = await raw(platform.url, '/api/health', { headers: { 'x-forwarded-proto': 'https' } })
      assert.equal(answer.headers.get('strict-transport-security'), null)
      const statuses: number[] = []
      for (let n = 0; n < 15; n++) {
        const { status } = await platform.api(
          'POST',
          '/auth/login',
          { email: 'victim@example.org', password: 'guess' },
          { 'x-forwarded-for': `10.1.1.${n}` }
        )
        statuses.push(status)
      }
      assert.ok(statuses.includes(429), statuses.join(' '))
      const preflight = await raw(platform.url, '/api/cameras', {
        method: 'OPTIONS',
        headers: { origin: allowed, 'access-control-request-method': 'GET' }
      })
      assert.equal(preflight.headers.get('access-control-allow-origin'), null)
    } finally {
      await platform.stop()
    }
  })
})
