import assert from 'node:assert/strict'
import { once } from 'node:events'
import { request } from 'node:http'
import type { ConfigInput } from '@signalbox/core'
import type { Plugin } from '@signalbox/plugin'
import type { Socket } from 'socket.io-client'
import { databases } from '../support/databases.ts'
import { startTestPlatform, type Answer, type TestClient } from '../support/startTestPlatform.ts'
import { startTwoNodes, type TestDeployment } from '../support/startTwoNodes.ts'
import { until } from '../support/until.ts'

/** One platform, its administrator, and a way to make more people, for all tests of a suite. */
export interface Place {
  readonly platform: TestDeployment
  readonly admin: Person
  /** Whether what is written at one node is read and heard at another; see `startTwoNodes`. */
  readonly twoNodes: boolean
  /** The URL of the database; undefined for the embedded one. */
  readonly databaseUrl: string | undefined
  /** A new user with this role, or with none, signed in. */
  person(role?: string): Promise<Person>
  /** Signs in anew: a session of its own. */
  signIn(credentials: object): Promise<Person>
  /**
   * Asks for what a change of rights, of a session, a key or a setting brings about: on one node it must be so at once,
   * on another within a second.
   */
  soon<T>(what: string, ask: () => Promise<T | undefined | false>): Promise<T>
  /** {@link fails}, of what such a change brings about. */
  fails(ask: () => Promise<Answer>, code: number): Promise<Answer>
}

export interface Person extends TestClient {
  readonly email: string
}

export const password = 'correct horse battery'

export interface SuiteOptions {
  /** False for what is about a single node. */
  readonly onTwoNodes?: boolean
}

/**
 * Declares a suite on each database, and on two nodes that share one, with one platform of these plugins for all its
 * tests.
 */
export function onEachDatabase(
  title: string,
  plugins: readonly (() => Plugin)[],
  suite: (place: Place) => void,
  { onTwoNodes = true }: SuiteOptions = {}
): void {
  const [embedded, postgres] = databases
  const places = [
    { ...embedded, twoNodes: false },
    { ...postgres, twoNodes: false },
    { ...postgres, name: 'two nodes of one Postgres', twoNodes: true }
  ]
  for (const { name, open, twoNodes } of places) {
    if (twoNodes && !onTwoNodes) continue
    describe(`${title}, on ${name}`, function () {
      this.timeout(60_000)
      const place = {} as { -readonly [K in keyof Place]: Place[K] }
      let drop: (() => Promise<void>) | undefined

      before(async function () {
        const database = await open(this)
        drop = database.drop
        const config = (): ConfigInput => ({
          databaseUrl: database.url,
          plugins: plugins.map((plugin) => plugin())
        })
        const platform = await (twoNodes ? startTwoNodes(config) : startTestPlatform(config()))
        Object.assign(place, { platform, twoNodes, databaseUrl: database.url })
        Object.assign(place, await peopleOf(platform), patience(twoNodes ? withinASecond : atOnce))
      })
      after(async () => {
        await place.platform?.stop()
        await drop?.()
      })
      suite(place)
    })
  }
}

const atOnce: Place['soon'] = async (what, ask) => {
  const answer = await ask()
  assert.ok(answer !== undefined && answer !== false, what)
  return answer
}

/** And another, for a machine that is busy. */
const withinASecond: Place['soon'] = (what, ask) => until(what, ask, { timeoutMs: 2000, everyMs: 5 })

const patience = (soon: Place['soon']): Pick<Place, 'soon' | 'fails'> => ({
  soon,
  fails: async (ask, code) => {
    const refused = await soon(`a refusal with ${code}`, async () => {
      const answer = await ask()
      return answer.status === code && answer
    })
    return fails(Promise.resolve(refused), code)
  }
})

async function peopleOf(platform: TestDeployment): Promise<Pick<Place, 'admin' | 'person' | 'signIn'>> {
  let count = 0
  const signIn = async (credentials: object): Promise<Person> => {
    const { status, body } = await platform.api('POST', '/auth/login', { password, ...credentials })
    assert.equal(status, 200, JSON.stringify(body))
    const { user, accessToken: token, refreshToken } = body
    return {
      id: user.id,
      email: user.email,
      token,
      refreshToken,
      api: (method, path, data, headers = {}) =>
        platform.api(method, path, data, { authorization: `Bearer ${token}`, ...headers }),
      socket: () => connected(platform.unconnected({ token }))
    }
  }
  const admin = await signIn({ email: 'admin@example.org' })
  const person = async (role?: string): Promise<Person> => {
    const email = `guest-${++count}@example.org`
    const { status, body } = await admin.api('POST', '/users', { email, password, ...(role && { role }) })
    assert.equal(status, 201, JSON.stringify(body))
    return signIn({ email })
  }
  return { admin, person, signIn }
}

/** Connects a socket; rejects with what the platform says instead. */
export async function connected(socket: Socket): Promise<Socket> {
  socket.connect()
  await Promise.race([
    once(socket as never, 'connect'),
    once(socket as never, 'connect_error').then(([error]) => Promise.reject(error as Error))
  ])
  return socket
}

/** What a socket call is answered: an error, or a result and what is said beside it. */
export interface Reply {
  readonly error: any
  readonly result: any
  readonly beside: any
}

/** Makes a Feathers call on a socket. */
export async function call(socket: Socket, method: string, ...args: unknown[]): Promise<Reply> {
  return new Promise((resolve, reject) => {
    socket
      .timeout(10_000)
      .emit(method, ...args, (late: Error | null, error: any, result: any, beside: any) => {
        if (late) reject(new Error(`${method} was not answered`))
        else resolve({ error, result, beside })
      })
  })
}

/** Every event that a socket hears from now on. */
export function listen(socket: Socket): { readonly event: string; readonly payload: any }[] {
  const heard: { event: string; payload: any }[] = []
  socket.onAny((event: string, payload: any) => heard.push({ event, payload }))
  return heard
}

export interface RawRequest {
  readonly method?: string
  readonly headers?: Record<string, string>
  readonly body?: string | Buffer
}

/** An HTTP request exactly as written: `fetch` tidies paths up and sets Host and Origin itself. */
export async function raw(
  url: string,
  path: string,
  { method = 'GET', headers = {}, body }: RawRequest = {}
): Promise<Answer> {
  const { hostname, port } = new URL(url)
  const sent = request({ hostname, port, path, method, headers, agent: false })
  sent.end(body)
  const [response] = await once(sent, 'response')
  const chunks: Buffer[] = []
  for await (const chunk of response) chunks.push(chunk)
  const text = Buffer.concat(chunks).toString()
  return {
    status: response.statusCode,
    headers: new Headers(response.headers),
    body: text && JSON.parse(text)
  }
}

/** Asserts a Feathers error of this status that tells nothing of the inside of the server. */
export function assertFailure(failure: any, code: number): void {
  const said = JSON.stringify(failure ?? null).slice(0, 1000)
  assert.equal(failure?.code, code, said)
  for (const field of ['name', 'message', 'className']) assert.equal(typeof failure[field], 'string', said)
  const known = new Set(['name', 'message', 'code', 'className', 'data', 'errors'])
  assert.deepEqual(
    Object.keys(failure).filter((key) => !known.has(key)),
    []
  )
  assert.doesNotMatch(
    said,
    /\bat .+:\d+:\d+|node_modules|\b(select|insert into|update|delete from) .*(core_|where)|knex|typebox/i
  )
}

/** Asserts that a record has each of these fields, and that one without a value is null. */
export function assertFields(record: any, fields: readonly string[]): void {
  const missing = fields.filter((field) => record?.[field] === undefined)
  assert.deepEqual(missing, [], JSON.stringify(record))
}

/** The answer of a request that must be refused with this status. */
export async function fails(request: Promise<Answer>, code: number): Promise<Answer> {
  const answer = await request
  assert.equal(answer.status, code, JSON.stringify(answer.body))
  assertFailure(answer.body, code)
  return answer
}

/** Resolves when the platform has cut a socket. */
export function cut(socket: Socket): Promise<unknown> {
  return socket.disconnected ? Promise.resolve() : once(socket as never, 'disconnect')
}
