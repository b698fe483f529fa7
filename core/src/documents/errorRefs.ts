import { errorKinds, type ErrorKind } from '@signalbox/plugin'
import type { Route } from '../rest/routes.ts'

export interface FailingCall {
  readonly route: Route
  /** A permission key, `public` or `signed-in`. */
  readonly permission: string
  /** Whether the query or the body can be wrong. */
  readonly hasInput: boolean
}

/** The error answers that a route can give, by status; `default` is any other, in the same form. */
export function errorRefs(call: FailingCall): Readonly<Record<string, { readonly $ref: string }>> {
  const entries = kindsOf(call).map((kind) => {
    const { status, name } = errorKinds[kind]
    return [status, { $ref: `#/components/responses/${name}` }]
  })
  return { ...Object.fromEntries(entries), default: { $ref: '#/components/responses/OtherError' } }
}

function kindsOf({ route, permission, hasInput }: FailingCall): ErrorKind[] {
  const onRecord = route.path.includes('/:id')
  const acts = route.verb !== 'GET'
  const hasBody = acts && route.verb !== 'DELETE'
  const isPublic = permission === 'public'
  const applies: readonly (readonly [ErrorKind, boolean])[] = [
    ['invalid', hasInput || onRecord || hasBody],
    // A public method that takes something may be a log-in.
    ['unauthorized', !isPublic || acts],
    ['forbidden', !isPublic],
    ['notFound', onRecord || acts],
    ['conflict', acts],
    ['tooLarge', hasBody],
    ['unsupportedMediaType', hasBody],
    ['refused', acts],
    ['tooManyRequests', true],
    ['internal', true],
    ['unavailable', true]
  ]
  return applies.filter(([, does]) => does).map(([kind]) => kind)
}
