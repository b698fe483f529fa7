import fc from 'fast-check'
import type { TSchema } from 'typebox'
import type { Route } from '../../../core/src/rest/routes.ts'
import { anything, bodyOf, queryOf } from './values.ts'

/** A request as it is written to the connection. */
export interface RawRequest {
  readonly method: string
  readonly target: string
  readonly headers: readonly string[]
  readonly body: Buffer
}

const json = 'content-type: application/json'
const oddHeaders = [
  'content-type: text/plain',
  'content-type: application/json; charset=utf-16',
  'content-type:',
  'if-match: "x"',
  'if-match: "1", "2"',
  'if-match: *',
  'x-service-method: constructor',
  'x-service-method: find',
  'x-request-id: a b',
  'idempotency-key: again',
  'idempotency-key: \u00e9',
  'range: bytes=0-1',
  'accept: nothing/at-all',
  'accept-encoding: gzip',
  'content-encoding: gzip',
  'expect: a-miracle',
  'expect: 100-continue',
  'origin: null',
  'host: other',
  'cookie: a=b; a=c',
  'upgrade: h2c',
  'upgrade: websocket',
  'transfer-encoding: gzip',
  'transfer-encoding: chunked',
  'content-length: 7',
  'x-forwarded-for: 1, 2, 3',
  'authorization: Basic eDp5',
  'authorization:',
  `x-long: ${'x'.repeat(9000)}`,
  'if-none-match: *'
]
const methods = [
  'GET',
  'POST',
  'PUT',
  'PATCH',
  'DELETE',
  'HEAD',
  'OPTIONS',
  'TRACE',
  'PROPFIND',
  'CONNECT',
  'PURGE',
  'BREW',
  'get'
]

/** Requests at the paths of these routes: the grammar of the API, with something wrong in most of them. */
export function requestsAt(routes: readonly Route[], ids: readonly string[]): fc.Arbitrary<RawRequest> {
  return fc.constantFrom(...routes).chain((route) => requestAt(route, ids))
}

function requestAt(route: Route, ids: readonly string[]): fc.Arbitrary<RawRequest> {
  const properties = propertiesOf(route)
  const method = fc.oneof(
    { weight: 8, arbitrary: fc.constant(route.verb) },
    { weight: 1, arbitrary: fc.constantFrom(...methods) }
  )
  const headers = fc.oneof(
    { weight: 4, arbitrary: fc.constant([json]) },
    { weight: 1, arbitrary: fc.array(fc.constantFrom(json, ...oddHeaders), { maxLength: 4 }) }
  )
  const path = fc
    .oneof({ weight: 1, arbitrary: fc.constantFrom(...ids) }, { weight: 1, arbitrary: oddSegment })
    .map((id) => `/api${route.path.replace(':id', id)}`)
  const target = fc
    .tuple(path, fc.oneof(fc.constant(''), queryTexts(Object.keys(properties))))
    .map(([one, query]) => one + query)
  return fc.record({ method, target, headers, body: bodies(properties) })
}

/** Paths that no route has. */
export const strayRequests: fc.Arbitrary<RawRequest> = fc.record({
  method: fc.constantFrom(...methods),
  target: fc.oneof(
    fc.array(oddSegments(), { maxLength: 4 }).map((segments) => `/api/${segments.join('/')}`),
    fc.constantFrom(
      '*',
      '//',
      '/api//cameras',
      'http://other/api/health',
      '/api/..',
      '/.well-known/../api',
      '/metrics?x',
      '/?%'
    )
  ),
  headers: fc.array(fc.constantFrom(json, ...oddHeaders), { maxLength: 3 }),
  body: fc.constant(Buffer.alloc(0))
})

const oddSegment = oddSegments()

function oddSegments(): fc.Arbitrary<string> {
  return fc.oneof(
    fc.constantFrom(
      '__proto__',
      'constructor',
      '%',
      '%E0%A4%A',
      '%00',
      '%2e%2e',
      '..',
      '%2F',
      '%ff',
      "'%20or%201=1--",
      'x'.repeat(600),
      ';',
      ':id',
      '[]',
      '{}',
      '\u00e9',
      '%F0%9F%98%80',
      'null',
      '$ne',
      '~',
      '-1'
    ),
    fc.webSegment()
  )
}

function queryTexts(fields: readonly string[]): fc.Arbitrary<string> {
  const flat = queryOf(fields).map((query) => {
    const text = Object.entries(query).flatMap(([key, value]) => pairs(encoded(key), value, 0))
    // A longer one is refused by Node before anybody reads it.
    return `?${text.join('&')}`.slice(0, 8000)
  })
  const broken = fc.constantFrom(
    '?%',
    '?%E0%A4%A=1',
    '?=',
    '?&&',
    '?a[b[c]=1',
    '?[]=1',
    '?a=1&a=2',
    `?${'a[b]'.repeat(500)}=1`,
    '?\u00e9',
    '?a%00=1'
  )
  return fc.oneof({ weight: 4, arbitrary: flat }, { weight: 1, arbitrary: broken })
}

function pairs(name: string, value: unknown, depth: number): string[] {
  if (typeof value === 'object' && value !== null && depth < 4)
    return Object.entries(value)
      .slice(0, 30)
      .flatMap(([key, one]) => pairs(`${name}[${encoded(key.slice(0, 20))}]`, one, depth + 1))
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return [`${name}=${encoded(text.slice(0, 2000))}`]
}

/** Half a pair has no encoding. */
function encoded(text: string): string {
  return encodeURIComponent(text.replace(/[\ud800-\udfff]/g, '\ufffd'))
}

function bodies(properties: Readonly<Record<string, TSchema>>): fc.Arbitrary<Buffer> {
  const text = fc.oneof(bodyOf(properties), anything).map((value) => JSON.stringify(value))
  const broken = fc.constantFrom(
    '',
    '{',
    '[',
    '{"a":}',
    '\ufeff{}',
    '{"a":1,"a":2}',
    '{"__proto__":null}',
    '-',
    '"\\ud800"',
    '1e999'
  )
  return fc.oneof(
    { weight: 10, arbitrary: text.map((one) => Buffer.from(one)) },
    { weight: 1, arbitrary: broken.map((one) => Buffer.from(one)) },
    { weight: 1, arbitrary: fc.constantFrom(200, 5000, 100_000).map(deepText) },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)) },
    {
      weight: 1,
      arbitrary: fc.constant(Buffer.from([0x7b, 0x22, 0x6e, 0x22, 0x3a, 0x22, 0xff, 0xfe, 0x22, 0x7d]))
    }
  )
}

function deepText(depth: number): Buffer {
  return Buffer.from(
    `{"name":${'['.repeat(depth)}${']'.repeat(depth)},"streams":${'{"a":'.repeat(depth / 10)}1${'}'.repeat(depth / 10)}}`
  )
}

/** What a route's body may hold. */
export function propertiesOf({
  model,
  named
}: Pick<Route, 'model' | 'named'>): Readonly<Record<string, TSchema>> {
  const input = named ? named.input : model.kind === 'resource' ? model.resource.schema : undefined
  return (input as { properties?: Record<string, TSchema> } | undefined)?.properties ?? {}
}
