import type { Request } from '../http/Wire.ts'
import { plain } from '../http/plain.ts'
import { openLive } from '../live/openLive.ts'
import { recordList, type LiveQuery, type Row } from '../live/recordList.ts'
import type { ServiceTable } from '../Part.ts'
import type { CallOptions, ResourceClient, WriteOptions } from '../ResourceClient.ts'
import type { ServiceOptions } from './createService.ts'
import { idInPath } from './idInPath.ts'

type RecordMethods = Omit<ResourceClient<Row, Row, unknown, unknown, unknown>, 'on' | 'events'>

/** The methods that every resource has. */
export function recordMethods(
  { path: resource, singular, sort }: ServiceTable,
  { http, realtime, closing }: ServiceOptions
): RecordMethods {
  const path = `/${resource}`
  const call = async (request: Omit<Request, 'path'>, options?: CallOptions, id?: string): Promise<any> =>
    (await http({ ...request, path: path + (id ?? '') }, options)).body
  const find = (query?: object, options?: CallOptions): Promise<any> =>
    call({ method: 'GET', query }, options)
  const write =
    (method: Request['method']) =>
    async (id: string, body?: unknown, { version, ...options }: WriteOptions = {}): Promise<any> => {
      const headers = version ? { 'if-match': `"${version}"` } : {}
      return call({ method, body, headers }, options, idInPath(id))
    }
  return {
    find,
    async *all(query, options) {
      for (let after: object | '' | undefined = {}; after;) {
        const { body, next } = await http({ method: 'GET', path, query: { ...query, ...after } }, options)
        yield* body as Row[]
        after = next && { $after: next }
      }
    },
    get: async (id, options) => call({ method: 'GET' }, options, idInPath(id)),
    create: (body, { idempotencyKey = randomKey(), ...options } = {}) =>
      call(
        { method: 'POST', body, headers: { 'idempotency-key': idempotencyKey }, repeatable: true },
        options
      ),
    update: write('PUT'),
    patch: write('PATCH'),
    remove: (id, options) => write('DELETE')(id, undefined, options),
    live(given = {}) {
      // What the caller does to it later is of no matter.
      const query = plain(given) as LiveQuery
      return openLive({
        list: recordList(query, sort),
        path: resource,
        event: `${singular}-changed`,
        realtime,
        closing,
        read: async (signal) => {
          const answer = await find({ ...query, $total: false }, { signal })
          return answer.data ?? answer
        }
      })
    }
  }
}

/** As good as a UUID; `crypto.randomUUID` is not there on a page that came over plain HTTP. */
function randomKey(): string {
  return crypto.getRandomValues(new Uint32Array(4)).join('-')
}
