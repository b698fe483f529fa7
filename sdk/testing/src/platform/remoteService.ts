import {
  errorKinds,
  PlatformError,
  type ErrorKind,
  type MethodSpec,
  type Resource,
  type Service
} from '@signalbox/plugin'
import type { Socket } from 'socket.io-client'
import { encodeQuery } from './encodeQuery.ts'
import type { Answer, Api } from './Person.ts'

export interface RemoteServiceOptions {
  readonly resource: Resource | Service
  readonly api: Api
  /** The sockets that `on` hears through. */
  readonly sockets: readonly Socket[]
}

const changes = new Set(['created', 'updated', 'patched', 'removed'])

/** A resource or service over REST, as plugins call it in code. */
export function remoteService({ resource, api, sockets }: RemoteServiceOptions): Record<string, unknown> {
  const { path } = resource
  const call = async (method: string, below: string, body?: unknown): Promise<Answer> =>
    accept(await api(method, `/${path}${below}`, body))
  const ask = async (...args: Parameters<typeof call>): Promise<any> => (await call(...args)).body
  const at = (id: string): string => `/${encodeURIComponent(id)}`

  const named = ([name, { on, http = 'POST', route = toKebab(name) }]: [string, MethodSpec]) => {
    const below = route && `/${route}`
    const run = (prefix: string, data?: Readonly<Record<string, unknown>>): Promise<unknown> =>
      http === 'GET'
        ? ask('GET', `${prefix}${below}${encodeQuery(data)}`)
        : ask(http, `${prefix}${below}`, data ?? {})
    return [
      name,
      on === 'record'
        ? (id: string, data?: Readonly<Record<string, unknown>>) => run(at(id), data)
        : (data?: Readonly<Record<string, unknown>>) => run('', data)
    ]
  }
  const methods = Object.fromEntries(
    Object.entries((resource.methods ?? {}) as Record<string, MethodSpec>).map(named)
  ) as Record<string, unknown>
  if (resource.$type === 'signalbox/service@1') return methods

  return {
    find: async (query: Readonly<Record<string, unknown>> = {}) => {
      if ('$limit' in query || '$skip' in query) return (await ask('GET', encodeQuery(query))).data
      const found: unknown[] = []
      for (let after: string | undefined; ;) {
        const { body, headers } = await call('GET', encodeQuery({ ...query, $after: after }))
        found.push(...body)
        after = /\$after=([^&>]+)/.exec(decodeURIComponent(headers.get('link') ?? ''))?.[1]
        if (after === undefined) return found
      }
    },
    count: async (query: object = {}) => (await ask('GET', encodeQuery({ ...query, $limit: 0 }))).total,
    get: (id: string) => ask('GET', at(id)),
    create: (data: object) => ask('POST', '', data),
    update: (id: string, data: object) => ask('PUT', at(id), data),
    patch: (id: string, data: object) => ask('PATCH', at(id), data),
    remove: (id: string) => ask('DELETE', at(id)),
    on: (event: string, listener: (payload: unknown) => void) => {
      const [socket] = sockets
      if (!socket) throw new Error(`Nobody listens to ${path} yet: connect first, with person.socket().`)
      const name = changes.has(event) ? `${path} ${event}` : event
      socket.on(name, listener)
      return () => void socket.off(name, listener)
    },
    ...methods
  }
}

function accept(answer: Answer): Answer {
  if (answer.status < 400) return answer
  const { message, data, errors } = answer.body ?? {}
  const [kind = 'internal'] =
    Object.entries(errorKinds).find(([, { status }]) => status === answer.status) ?? []
  throw new PlatformError(kind as ErrorKind, message ?? `HTTP ${answer.status}`, { data, errors })
}

function toKebab(name: string): string {
  return name.replaceAll(/([a-z0-9])([A-Z])/g, '$1-$2').toLowerCase()
}
