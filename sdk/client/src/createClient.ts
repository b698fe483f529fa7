import type { ClientMembers, ClientOf, ClientOptions } from './Client.ts'
import { openHttp } from './http/Http.ts'
import { openWire } from './http/Wire.ts'
import type { Part } from './Part.ts'
import { openRealtime } from './realtime/openRealtime.ts'
import { createService, type ServiceOptions } from './services/createService.ts'
import { keepTokens } from './session/keepTokens.ts'
import { openSession } from './session/openSession.ts'
import { memoryStore } from './session/TokenStore.ts'
import { closedError } from './closedError.ts'
import { watchManifest } from './watchManifest.ts'

/**
 * Makes a client. It connects when something first needs that, and holds nothing open after `close`.
 *
 * @example
 * const client = createClient({ url: 'http://127.0.0.1:3030', parts: [core, recorder] })
 * await client.signIn({ email: 'admin@example.org', password })
 * const cameras = client.cameras.live({ enabled: true })
 */
export function createClient<const P extends readonly Part[]>(options: ClientOptions<P>): ClientOf<P> {
  const { parts, session: store = memoryStore(), apiKey, io, timeoutMs = 30_000 } = options
  const url = baseOf(options.url)
  const fetch: typeof globalThis.fetch = options.fetch ?? ((...values) => globalThis.fetch(...values))
  const closed = new AbortController()
  const closing = closed.signal
  const wire = openWire(url, fetch)
  const tokens = keepTokens({ wire, store, apiKey, timeoutMs, closing, onUser: (user) => know(user) })
  const http = openHttp({ wire, tokens, timeoutMs, closing })
  const realtime = openRealtime({
    url,
    io: async () => io ?? (await import('socket.io-client')).io,
    tokens,
    timeoutMs,
    closing
  })
  const { connection } = realtime
  const { know, ...members } = openSession<any>({ http, tokens, onTurn: realtime.turn })
  watchManifest({ ...options, url, fetch, closing, connection })

  const client: ClientMembers<unknown, any> = {
    ...members,
    connection,
    send: realtime.send,
    close: () => closed.abort(closedError('client'))
  }
  const serviceOptions: ServiceOptions = { http, realtime, rooms: new Map(), timeoutMs, closing }
  for (const [name, table] of parts.flatMap(({ services }) => Object.entries(services))) {
    if (name in client) throw new TypeError(`parts: two things are named ${name}`)
    Object.assign(client, { [name]: createService(table, serviceOptions) })
  }
  return client as ClientOf<P>
}

/** The address without a slash at the end; on a page, a relative one is relative to it. */
function baseOf(url: string): string {
  try {
    const { location } = globalThis as { location?: { readonly href: string } }
    const { origin, pathname } = new URL(url, location?.href)
    return origin + pathname.replace(/\/+$/, '')
  } catch {
    throw new TypeError(`url: ${url} is no address`)
  }
}
