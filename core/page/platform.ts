import { createClient, part, type CallOptions, type EventSource, type Part } from '@signalbox/client'

/** How a plugin does. */
export interface PluginStatus {
  readonly version: string
  readonly state: string
  readonly error?: string
}

/** A committed change, as the feed tells it. */
export interface Change {
  readonly seq: number
  readonly resource: string
  readonly recordId: string
  readonly action: string
  readonly actor: string
  readonly at: string
}

interface PageServices {
  readonly health: {
    find(options?: CallOptions): Promise<{
      readonly status: string
      readonly auth: 'session' | 'open'
      readonly reasons: readonly string[]
    }>
  }
  readonly status: {
    find(options?: CallOptions): Promise<{ readonly plugins: Readonly<Record<string, PluginStatus>> }>
  }
  readonly changes: {
    find(
      input: { readonly since: number; readonly limit: number },
      options?: CallOptions
    ): Promise<{ readonly changes: readonly Change[]; readonly next: number }>
  } & EventSource<{ hello: { readonly seq: number } }>
}

const core: Part<PageServices> = part({
  health: { path: 'health', methods: { find: 'GET /health' } },
  status: { path: 'status', methods: { find: 'GET /status' } },
  changes: { path: 'changes', methods: { find: 'GET /changes (input)' }, events: ['hello'] }
})

/** The page’s way to the platform that served it. The session ends with the tab. */
export function connect(url: string) {
  const place = `signalbox ${url}`
  return createClient({
    url,
    parts: [core],
    session: {
      get: () => JSON.parse(sessionStorage.getItem(place) ?? 'null') ?? undefined,
      set: (tokens) => sessionStorage.setItem(place, JSON.stringify(tokens ?? null))
    }
  })
}

export type Platform = ReturnType<typeof connect>
