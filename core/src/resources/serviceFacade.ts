import type { Application } from '@feathersjs/feathers'
import type { Caller } from '@signalbox/plugin'
import type { Method, Model } from './Model.ts'

/** A service as plugins call it in code: `(id, data)` arguments, arrays for lists. */
export function serviceFacade(app: Application, model: Model, caller?: Caller): Record<string, unknown> {
  const service = app.service(model.path) as unknown as Record<string, (...args: unknown[]) => Promise<any>>
  const call = (method: string, ...args: unknown[]): Promise<any> => {
    const run = service[method]
    if (!run) throw new Error(`${model.path} has no method ${method}`)
    return run.call(service, ...args)
  }
  const params = (more: object = {}): object => ({ ...(caller && { caller }), ...more })
  const named = ({ name, on }: Method): ((...args: any[]) => Promise<any>) => {
    if (on === 'record') return (id: string, data?: object) => call(name, { ...data, id }, params())
    if (name === 'find') return (query?: object) => call(name, params({ query: query ?? {} }))
    return (data?: object) => call(name, data ?? {}, params())
  }
  const methods = Object.fromEntries(
    [...model.methods.values()].map((method) => [method.name, named(method)])
  )
  if (model.kind === 'service') return methods
  return {
    find: async (query: object = {}) => {
      const found = await call('find', params({ query, unlimited: true }))
      return Array.isArray(found) ? found : (found.data ?? found.items)
    },
    count: async (query: object = {}) =>
      (await call('find', params({ query: { ...query, $limit: 0 } }))).total,
    get: (id: string) => call('get', id, params()),
    create: (data: object) => call('create', data, params()),
    update: (id: string, data: object) => call('update', id, data, params()),
    patch: (id: string, data: object) => call('patch', id, data, params()),
    remove: (id: string) => call('remove', id, params()),
    on: (event: string, listener: (payload: unknown) => void) => {
      const emitter = app.service(model.path)
      emitter.on(event, listener)
      return () => emitter.off(event, listener)
    },
    ...methods
  }
}
