import type { Http } from '../http/Http.ts'
import type { Request } from '../http/Wire.ts'
import type { MethodRoute } from '../Part.ts'
import type { CallOptions } from '../ResourceClient.ts'
import { idInPath } from './idInPath.ts'

/** A method of a service: it takes the id, where it is on a record, then the input, where it has one, and options. */
export function namedMethod(route: MethodRoute, http: Http): (...values: any[]) => Promise<unknown> {
  const [method, path, takesInput] = route.split(' ') as [Request['method'], string, string?]
  return async (...values) => {
    const place = path.replace('/:id', () => idInPath(values.shift()))
    const input: object | undefined = takesInput && values.shift()
    const sent = method === 'GET' ? { query: input } : { body: input }
    return (await http({ method, path: place, ...sent }, values[0] as CallOptions | undefined)).body
  }
}
