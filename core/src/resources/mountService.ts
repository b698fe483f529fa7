import type { Application } from '@feathersjs/feathers'
import { anonymousCaller, type Call } from '@signalbox/plugin'
import type { CallParams } from './CallParams.ts'
import { changeEvents } from './changeEvents.ts'
import type { Method, Model, ResourceModel } from './Model.ts'
import type { Registered } from './Registry.ts'
import { TableService, type TableServiceParts } from './TableService.ts'

export type AnyHandler = (call: Call<any>) => unknown

const crudMethods = ['find', 'get', 'create', 'update', 'patch', 'remove'] as const

/** Puts a resource into the Feathers application: its table's service and its named methods. */
export function mountResource(
  app: Application,
  registered: Registered,
  handlers: ReadonlyMap<string, AnyHandler>,
  parts: TableServiceParts
): TableService {
  const model = registered.model as ResourceModel
  const table = new TableService(model, parts)
  const methods = namedMethods(model, handlers, (id, params) => table.get(id, params))
  const crud = Object.fromEntries(
    crudMethods.map((name) => [name, (table[name] as (...args: unknown[]) => unknown).bind(table)])
  )
  const options = {
    methods: [...crudMethods, ...model.methods.keys()],
    events: [...changeEvents, ...Object.keys(model.resource.events ?? {})]
  }
  app.use(model.path, { ...crud, ...methods } as never, options)
  app.service(model.path).hooks({ around: registered.hooks() } as never)
  return table
}

/** Puts a service without records into the Feathers application. */
export function mountService(
  app: Application,
  registered: Registered,
  handlers: ReadonlyMap<string, AnyHandler>
): void {
  const { model } = registered
  const events = [...changeEvents, ...Object.keys((model.kind === 'service' && model.service.events) || {})]
  app.use(model.path, namedMethods(model, handlers) as never, { methods: [...model.methods.keys()], events })
}

function namedMethods(
  model: Model,
  handlers: ReadonlyMap<string, AnyHandler>,
  visible?: (id: string, params: CallParams) => Promise<unknown>
): Record<string, unknown> {
  return Object.fromEntries(
    [...model.methods.values()].map((method) => {
      const handler = handlers.get(method.name)
      if (!handler)
        throw new Error(`${model.plugin} declares ${model.path}.${method.name} but gives it no handler.`)
      return [method.name, feathersMethod(method, handler, visible)]
    })
  )
}

/** Feathers calls `find(params)`, `patch(id, data, params)` and everything else `(data, params)`. */
function feathersMethod(
  method: Method,
  handler: AnyHandler,
  visible: ((id: string, params: CallParams) => Promise<unknown>) | undefined
): (...args: unknown[]) => Promise<unknown> {
  return async (...args) => {
    const params = args.at(-1) as CallParams
    const input = (method.name === 'find' ? params.query : args.at(-2)) as Record<string, unknown>
    const { id = '', ...data } = method.on === 'record' ? input : { ...input, id: '' }
    if (method.on === 'record') await visible?.(id as string, params)
    return handler({
      id: id as string,
      data: method.on === 'record' ? data : input,
      caller: params.caller ?? anonymousCaller,
      answer: params.answer ?? {},
      origin: params.origin ?? { provider: undefined },
      token: params.token
    } as Call<any>)
  }
}
