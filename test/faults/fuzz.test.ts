import assert from 'node:assert/strict'
import { once } from 'node:events'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { recorder } from '@signalbox/recorder'
import fc from 'fast-check'
import type { Socket } from 'socket.io-client'
import { WebSocket } from 'ws'
import { declareCore } from '../../core/src/platform/corePlugin.ts'
import { collectModels } from '../../core/src/plugins/collectModels.ts'
import { routesOf, type Route } from '../../core/src/rest/routes.ts'
import { notebook } from '../contract/notebook.ts'
import { assertFailure, call, connected, onEachDatabase, type Place } from '../contract/support.ts'
import { until } from '../support/until.ts'
import { exchange, type RawAnswer } from './fuzz/exchange.ts'
import { propertiesOf, requestsAt, strayRequests, type RawRequest } from './fuzz/requests.ts'
import { anything, bodyOf, queryOf } from './fuzz/values.ts'

const seed = Number(process.env['FUZZ_SEED'] ?? Date.now() % 2 ** 31)
/** For each of the four parts, on each database. */
const partMs = Number(process.env['FUZZ_MS'] ?? 2000)
const deadlineMs = 8000
const secret = 'hunter2-of-the-gate'
const leak = new RegExp(
  [
    /\.[cm]?[jt]s:\d+:\d+/,
    /node_modules|\$argon2|hunter2-of-the-gate|\bcore_(?:users|changes|sessions|roles)|knex|typebox/,
    /RangeError|TypeError|SyntaxError/,
    /\bselect .{1,80} from |\binsert into "?\w+"? \(|\bupdate "?\w+"? set |\bdelete from "?\w+/
  ]
    .map(({ source }) => source)
    .join('|'),
  'i'
)

const nonsense = (place: Place): void => {
  const models = collectModels([declareCore(), recorder(), notebook()])
  // What ends the session of who asks would end the test.
  const routes = routesOf(models).filter(({ model }) => !model.path.startsWith('auth'))
  const commands = (recorder().commands ?? []).map(({ name }) => name)
  const statuses = new Map<number, number>()
  let memory: number
  let port: number
  let ids: string[]

  before(async () => {
    console.log(`    FUZZ_SEED=${seed}`)
    port = Number(new URL(place.platform.url).port)
    const { api } = place.admin
    const camera = await api('POST', '/cameras', { name: 'Gate', protocol: 'test', password: secret })
    const job = await api('POST', '/jobs', { name: 'Night', cameraId: camera.body.id, enabled: false })
    const { id } = await place.person('viewer')
    ids = [camera.body.id, job.body.id, id, 'viewer']
    memory = memoryHeld()
  })

  afterEach(async () => {
    const { status } = await place.admin.api('GET', '/status')
    assert.equal(status, 200, 'the process lives, and knows its administrator')
  })

  it('is answered at every route of REST', async () => {
    await tried(fc.oneof(requestsAt(routes, ids), requestsAt(routes, ids), strayRequests), (request) =>
      assertAnswered(request, place.admin.token)
    )
    assert.ok((statuses.get(200) ?? 0) > 0 && (statuses.get(400) ?? 0) > 0, JSON.stringify([...statuses]))
  })

  it('is answered where nobody is signed in', async () => {
    const open = routesOf(models)
    await tried(requestsAt(open, ids), (request) => assertAnswered(request, undefined))
  })

  it('is answered at every method and command of a socket', async () => {
    let socket = await place.admin.socket()
    const event = fc.constantFrom(
      'find',
      'get',
      'create',
      'update',
      'patch',
      'remove',
      'setup',
      'constructor',
      '__proto__',
      ''
    )
    const calls = fc.oneof(
      fc.constantFrom(...routes).chain(callsOf),
      fc.tuple(event, fc.array(anything, { maxLength: 4 })),
      fc.tuple(fc.constantFrom(...commands), fc.array(anything, { maxLength: 2 }))
    )
    await tried(calls, async ([name, args]) => {
      if (socket.disconnected) socket = await place.admin.socket()
      await assertReplied(socket, name, args)
    })
  })

  it('is survived as frames of Socket.IO and Engine.IO', async () => {
    const frames = fc.array(fc.oneof(...frameKinds), { minLength: 1, maxLength: 6 })
    await tried(frames, async (sent) => {
      const peer = new WebSocket(`ws://127.0.0.1:${port}/socket.io/?EIO=4&transport=websocket`)
      let ended = false
      const end = once(peer, 'close').then(() => (ended = true))
      peer.on('error', () => {})
      const told = heard(peer, /^43777\[/)
      await heard(peer, /^0/)
      peer.send(`40{"token":"${place.admin.token}"}`)
      await heard(peer, /^40/)
      for (const frame of sent) peer.send(frame)
      peer.send('42777["find","health",{}]')
      const late = timer(deadlineMs)
      await Promise.race([told, end, late.expired])
      late.clear()
      if (!ended) peer.close()
      await end
    })
  })

  it('leaves the platform whole: no memory held, every record readable', async () => {
    for (const path of [
      '/cameras',
      '/jobs',
      '/users',
      '/roles',
      '/grants',
      '/notes',
      '/changes',
      '/settings'
    ]) {
      const { status, body } = await place.admin.api('GET', path)
      assert.equal(status, 200, `${path}: ${JSON.stringify(body).slice(0, 500)}`)
    }
    const socket = await connected(place.platform.unconnected({ token: place.admin.token }))
    assert.equal((await call(socket, 'find', 'cameras', {})).error, null)
    await until('the memory to be given back', () => memoryHeld() - memory < 64)
  })

  async function assertAnswered(request: RawRequest, token: string | undefined): Promise<void> {
    const answer = await exchange(port, request, { token, deadlineMs })
    const { status, head, body } = answer
    statuses.set(status, (statuses.get(status) ?? 0) + 1)
    assert.doesNotMatch(head + body, leak)
    if (status === 0) return assert.ok(isNoHttp(request), 'the connection ended without an answer')
    assert.ok(status < 500 || status === 503, `${status}: ${body.slice(0, 500)}`)
    if (status >= 400) assertError(request, answer)
  }
}

onEachDatabase('Nonsense at every door', [recorder, notebook], nonsense, { onTwoNodes: false })

/** Megabytes that are still held after the garbage is gone. */
function memoryHeld(): number {
  setFlagsFromString('--expose-gc')
  ;(runInNewContext('gc') as () => void)()
  const { heapUsed, external } = process.memoryUsage()
  return (heapUsed + external) / 2 ** 20
}

/** Runs a property for its time; a failure prints the seed and the smallest case. */
async function tried<T>(arbitrary: fc.Arbitrary<T>, check: (value: T) => Promise<void>): Promise<void> {
  await fc.assert(fc.asyncProperty(arbitrary, check), {
    seed,
    numRuns: 1_000_000,
    interruptAfterTimeLimit: partMs,
    markInterruptAsFailure: false
  })
}

/** What Node answers itself has no body; all else is the one error. */
function assertError(request: RawRequest, { status, body, head }: RawAnswer): void {
  if (body === '') {
    assert.ok(
      request.method === 'HEAD' || [400, 408, 413, 417, 431].includes(status),
      `${status} without a body`
    )
    return
  }
  if (/transfer-encoding: chunked/i.test(head)) return
  assertFailure(JSON.parse(Buffer.from(body, 'latin1').toString()), status)
}

/** CONNECT is for proxies: Node hangs up. */
function isNoHttp({ method, headers }: RawRequest): boolean {
  return method === 'CONNECT' || headers.some((line) => line.startsWith('upgrade'))
}

function callsOf(route: Route): fc.Arbitrary<[string, unknown[]]> {
  const properties = propertiesOf(route)
  const part = fc.oneof(
    anything,
    bodyOf(properties),
    queryOf(Object.keys(properties)),
    fc.constantFrom('nobody', {})
  )
  return fc.array(part, { maxLength: 4 }).map((args) => [route.method, [route.model.path, ...args]])
}

async function assertReplied(socket: Socket, name: string, args: readonly unknown[]): Promise<void> {
  const { error, result } = await call(socket, name, ...args)
  assert.doesNotMatch(JSON.stringify([error, result ?? null]), leak)
  if (error) assert.ok(error.code < 500 || error.code === 503, JSON.stringify(error))
}

const calls = ['42["find","cameras",{}]', '421["create","notes",{"text":"x"}]', '42["subscribe:logs","x"]']
const frameKinds: fc.Arbitrary<string | Uint8Array>[] = [
  fc.constantFrom(
    '2',
    '3',
    '5',
    '6',
    '1',
    '4',
    '45',
    '42',
    '42[',
    '42[]',
    '42{}',
    '42null',
    '42["connect"]',
    '42["disconnect"]',
    '40',
    '41',
    '44{}',
    '42["newListener"]',
    '421e9["find"]',
    '42999999999999999999999["find","cameras"]',
    '43[null]',
    '431[1,2]',
    '42/admin,["find"]',
    '40/admin,{}',
    '451-["x",{"_placeholder":true,"num":0}]',
    '4599-["x"]',
    '451-["x",{"_placeholder":true,"num":7}]',
    '42["find","cameras",{"__proto__":{"x":1}}]',
    `42["find",${'['.repeat(50_000)}${']'.repeat(50_000)}]`,
    `42["create","notes",${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}]`,
    '42[5,"cameras"]',
    '42[null]',
    '42[["find"],"cameras"]'
  ),
  fc
    .tuple(fc.constantFrom(...calls), fc.nat({ max: 30 }), fc.string({ maxLength: 3 }))
    .map(([text, place, more]) => text.slice(0, place) + more + text.slice(place + 1)),
  fc.string({ unit: 'binary', maxLength: 40 }).map((text) => `4${text}`),
  fc.uint8Array({ maxLength: 50 })
]

function heard(peer: WebSocket, pattern: RegExp): Promise<string> {
  return new Promise((resolve) => {
    peer.on('message', (data) => {
      const text = (data as Buffer).toString()
      if (pattern.test(text)) resolve(text)
    })
  })
}

function timer(ms: number): { readonly expired: Promise<never>; clear(): void } {
  let handle: NodeJS.Timeout | undefined
  const expired = new Promise<never>((_, reject) => {
    handle = setTimeout(() => reject(new Error(`neither answered nor closed within ${ms} ms`)), ms)
  })
  return { expired, clear: () => clearTimeout(handle) }
}
