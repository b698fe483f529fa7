import assert from 'node:assert/strict'
import { createManifest } from './manifest.ts'
import { createDocumentPages, type DocumentPage } from './pages.ts'
import { input } from './support.test.ts'

const pages = createDocumentPages(input)

function page(path: string): DocumentPage {
  return pages.get(path) ?? assert.fail(`nothing at ${path}`)
}

function linksIn(html: string): string[] {
  return [...html.matchAll(/(?:src|href|data-document)="([^"]*)"/g)].map(([, link = '']) => link)
}

const shown = ['/rides', '/rides/api/docs', '/rides/api/redoc']
const documents = ['/rides/api/openapi.json', '/rides/api/asyncapi.json', '/rides/.well-known/signalbox.json']

describe('the pages of the documents', () => {
  for (const path of shown) {
    it(`shows ${path} under a policy that lets no script into it and no request out`, () => {
      const { type, body, csp = '' } = page(path)
      const html = String(body)
      assert.equal(type, 'text/html; charset=utf-8')
      assert.match(csp, /^default-src 'none'/)
      assert.doesNotMatch(csp, /https?:|\*|script-src[^;]*unsafe/)
      assert.doesNotMatch(html, /<script(?![^>]* src=)|\son\w+=|javascript:/)
      for (const link of linksIn(html)) assert.match(link, /^(\/(?!\/)|data:,)/)
    })
  }

  it('answers every asset and every document that a page refers to', () => {
    const links = shown.slice(1).flatMap((path) => linksIn(String(page(path).body)))
    const files = links.filter((link) => link.startsWith('/'))
    assert.equal(new Set(files).size, 6)
    for (const file of files) {
      const { type, body, etag } = page(file)
      assert.ok(body.length > 50, file)
      assert.match(type, file.endsWith('.css') ? /css/ : file.endsWith('.js') ? /javascript/ : /json/)
      assert.match(etag, /^[0-9a-f]{32}$/)
    }
  })

  it('lets browsers keep the assets, and asks for documents each time', () => {
    assert.ok(page('/rides/api/docs/assets/swagger-ui.css').cacheSeconds)
    for (const path of documents) assert.equal(page(path).cacheSeconds, undefined)
  })

  it('allows the welcome page its own script and style, there for all, and nothing else', () => {
    const { csp = '', body, isWelcome } = page('/rides')
    assert.match(csp, /script-src 'self'; style-src 'self'; connect-src 'self'/)
    assert.doesNotMatch(csp, /unsafe/)
    assert.match(String(body), /Test site[^]*1\.2\.3[^]*\/rides\/api\/docs/)
    const files = linksIn(String(body)).filter((link) => link.startsWith('/rides/assets/'))
    assert.equal(files.length, 2)
    for (const place of ['/rides', ...files]) assert.ok(page(place).isWelcome, place)
    assert.ok(isWelcome)
    assert.ok(!page('/rides/api/docs').isWelcome)
  })

  it('answers the documents as JSON, the manifest with its hash for an ETag', () => {
    for (const path of documents) {
      assert.equal(page(path).type, 'application/json; charset=utf-8')
      assert.ok(JSON.parse(String(page(path).body)))
    }
    assert.equal(page('/rides/.well-known/signalbox.json').etag, createManifest(input).hash)
  })

  it('writes each document once', () => {
    for (const path of documents) assert.equal(page(path), page(path))
  })

  it('answers with and without a closing slash, and nothing else', () => {
    assert.equal(page('/rides/'), page('/rides'))
    assert.equal(page('/rides/api/docs/'), page('/rides/api/docs'))
    for (const path of [
      '/',
      '/api/docs',
      '/rides/api',
      '/rides/api/docs/assets/../../package.json',
      '/rides/api/docs/assets/'
    ]) {
      assert.equal(pages.get(path), undefined, path)
    }
  })

  it('lies at the root without a base path', () => {
    const root = createDocumentPages({ ...input, basePath: '' })
    for (const path of ['/', '/api/docs', '/.well-known/signalbox.json']) assert.ok(root.get(path), path)
    assert.ok(linksIn(String(root.get('/')?.body)).includes('/api/docs'))
  })

  it('shows a name with markup in it as text', () => {
    const { body } =
      createDocumentPages({ ...input, basePath: '', name: '<b>"A" & B</b>' }).get('/') ?? assert.fail()
    assert.match(String(body), /&lt;b&gt;&quot;A&quot; &amp; B/)
    assert.doesNotMatch(String(body), /<b>/)
  })
})
