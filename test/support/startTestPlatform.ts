import { once } from 'node:events'
import { createPlatform, resolveConfig, type ConfigInput, type StartedPlatform } from '@signalbox/core'
import { io, type Socket } from 'socket.io-client'
import { temporaryDirectory } from './temporaryDirectory.ts'
import { unlimited } from './unlimited.ts'

/** A REST answer, its body read. */
export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly body: any
}

/** Somebody who is signed in. */
export interface TestClient {
  readonly id: string
  readonly token: string
  readonly refreshToken: string
  /** Calls `/api` + path; `body` is sent as JSON. */
  api(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>
  /** A connected socket; it is closed with the platform. */
  socket(): Promise<Socket>
}

/** A platform on a free port with a data directory of its own; `stop` removes both. */
export interface TestPlatform extends StartedPlatform {
  readonly dataDirectory: string
  /** Calls `/api` + path without signing in. */
  api(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>
  admin(): Promise<TestClient>
  /** A new user with this role, or with none. */
  client(role?: string): Promise<TestClient>
  /** A socket that is not connected yet. */
  unconnected(auth: object): Socket
  /** Stops it and removes its data directory, unless that is to be kept or was given. */
  stop(options?: { readonly keep?: boolean }): Promise<void>
}

const password = 'correct horse battery'

/**
 * Starts a platform for a test. What `config` says wins; without a `databaseUrl` it is the embedded database, and
 * without `limits` its callers may ask as fast as they can.
 */
export async function startTestPlatform(config: ConfigInput = {}): Promise<TestPlatform> {
  const directory = config.dataDirectory === undefined ? await temporaryDirectory() : undefined
  const dataDirectory = config.dataDirectory ?? directory?.path ?? ''
  const platform = createPlatform(
    resolveConfig({
      input: {
        port: 0,
        log: { level: 'silent' },
        timeZone: 'UTC',
        limits: unlimited,
        ...config,
        dataDirectory,
        admin: { email: 'admin@example.org', password }
      }
    })
  )
  const started = await platform.start()
  const sockets: Socket[] = []

  const unconnected = (auth: object): Socket => {
    const { origin, pathname } = new URL(started.url)
    const path = `${pathname.replace(/\/$/, '')}/socket.io`
    const socket = io(origin, { path, auth, transports: ['websocket'], autoConnect: false, forceNew: true })
    sockets.push(socket)
    return socket
  }
  const signIn = async (email: string): Promise<TestClient> => {
    const { body, status } = await callApi(started.url, 'POST', '/auth/login', { email, password })
    if (status !== 200) throw new Error(`log-in of ${email}: ${status} ${JSON.stringify(body)}`)
    return {
      id: body.user.id,
      token: body.accessToken,
      refreshToken: body.refreshToken,
      api: (method, path, data, headers = {}) =>
        callApi(started.url, method, path, data, { authorization: `Bearer ${body.accessToken}`, ...headers }),
      socket: async () => {
        const socket = unconnected({ token: body.accessToken })
        socket.connect()
        await Promise.race([
          once(socket as never, 'connect'),
          once(socket as never, 'connect_error').then(([error]) => Promise.reject(error as Error))
        ])
        return socket
      }
    }
  }
  let people = 0
  return {
    ...started,
    dataDirectory,
    unconnected,
    api: (method, path, body, headers) => callApi(started.url, method, path, body, headers),
    admin: () => signIn('admin@example.org'),
    client: async (role) => {
      const email = `person-${++people}-${role ?? 'none'}@example.org`
      const admin = await signIn('admin@example.org')
      const { status, body } = await admin.api('POST', '/users', { email, password, ...(role && { role }) })
      if (status !== 201) throw new Error(`user ${email}: ${status} ${JSON.stringify(body)}`)
      return signIn(email)
    },
    stop: async ({ keep = false } = {}) => {
      sockets.forEach((socket) => socket.disconnect())
      await platform.stop()
      if (!keep) await directory?.remove()
    }
  }
}

async function callApi(
  url: string,
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {}
): Promise<Answer> {
  const response = await fetch(`${url}/api${path}`, {
    method,
    headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) })
  })
  const text = await response.text()
  return { status: response.status, headers: response.headers, body: text && parse(text) }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
