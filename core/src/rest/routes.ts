import type { Method, Model } from '../resources/Model.ts'

/** One route of the REST door. The documents are written from the same list, so they cannot disagree. */
export interface Route {
  readonly verb: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Below the API's root, with `:id` for the record: `/jobs/:id/start`. */
  readonly path: string
  readonly model: Model
  /** The Feathers method. */
  readonly method: string
  /** The declaration behind a named method; undefined for the six standard ones. */
  readonly named: Method | undefined
}

const crud = [
  { verb: 'GET', path: '', method: 'find' },
  { verb: 'POST', path: '', method: 'create' },
  { verb: 'GET', path: '/:id', method: 'get' },
  { verb: 'PUT', path: '/:id', method: 'update' },
  { verb: 'PATCH', path: '/:id', method: 'patch' },
  { verb: 'DELETE', path: '/:id', method: 'remove' }
] as const

/** All routes of these resources and services. */
export function routesOf(models: readonly Model[]): Route[] {
  return models.flatMap((model) => {
    const standard = model.kind === 'resource' ? crud : []
    return [
      ...standard.map(({ verb, path, method }) => ({
        verb,
        path: `/${model.path}${path}`,
        model,
        method,
        named: undefined
      })),
      ...[...model.methods.values()].map((named) => ({
        verb: named.http,
        path: namedPath(model.path, named),
        model,
        method: named.name,
        named
      }))
    ]
  })
}

function namedPath(base: string, { on, route }: Method): string {
  const record = on === 'record' ? '/:id' : ''
  return `/${base}${record}${route && `/${route}`}`
}
