import { feathers } from '@feathersjs/feathers'
import rest from '@feathersjs/rest-client'
import socketio from '@feathersjs/socketio-client'
import { importClient } from '../support/importClient.ts'
import { password, type Place } from './support.ts'

/** What every client of the platform can do, whoever wrote it; services by their paths. */
export interface Caller {
  find(path: string, query?: object): Promise<any>
  get(path: string, id: string): Promise<any>
  create(path: string, data: object): Promise<any>
  update(path: string, id: string, data: object): Promise<any>
  patch(path: string, id: string, data: object): Promise<any>
  remove(path: string, id: string): Promise<any>
  /** Calls a method of a record. */
  act(path: string, method: string, id: string, input?: object): Promise<any>
  /** Calls a method of a service. */
  ask(path: string, method: string, input?: object): Promise<any>
  /** Hears an event, where the client has events; returns the way to stop. */
  on(path: string, event: string, listener: (payload: any) => void): () => void
  /** What a call was refused with. */
  failureOf(error: any): Failure
  close(): Promise<void>
}

export interface Failure {
  readonly status: number
  readonly message: string
  readonly fields: readonly string[]
}

/** A client of some kind, signed in as the administrator. */
export interface CallerKind {
  readonly name: string
  readonly hasEvents: boolean
  open(place: Place): Promise<Caller>
}

const jobMethods = ['find', 'get', 'create', 'update', 'patch', 'remove', 'start', 'stop', 'logs', 'history']
const authMethods = ['login', 'verify', 'me']

/** Feathers must be told of every method that is not its own. */
export function withMethods(connection: any): any {
  const app: any = feathers().configure(connection)
  app.use('jobs', connection.service('jobs'), { methods: jobMethods })
  app.use('auth', connection.service('auth'), { methods: authMethods })
  return app
}

function feathersCaller(app: any): Caller {
  return {
    find: (path, query = {}) => app.service(path).find({ query }),
    get: (path, id) => app.service(path).get(id),
    create: (path, data) => app.service(path).create(data),
    update: (path, id, data) => app.service(path).update(id, data),
    patch: (path, id, data) => app.service(path).patch(id, data),
    remove: (path, id) => app.service(path).remove(id),
    act: (path, method, id, input) => app.service(path)[method]({ ...input, id }),
    ask: (path, method, input = {}) => app.service(path)[method](input),
    on: (path, event, listener) => {
      const service = app.service(path)
      service.on(event, listener)
      return () => service.off(event, listener)
    },
    failureOf: ({ code, message, errors }) => ({ status: code, message, fields: fieldsOf(errors) }),
    close: async () => {}
  }
}

// Both packages are CommonJS, whose default export TypeScript finds one level down.
export const overRest: CallerKind = {
  name: 'a stock Feathers client over REST',
  hasEvents: false,
  open: async ({ platform, admin }) => {
    const headers = { Authorization: `Bearer ${admin.token}` }
    const connection = rest
      .default(`${platform.url}/api`)
      .fetch(globalThis.fetch as never, { headers } as never)
    return feathersCaller(withMethods(connection))
  }
}

export const overSocket: CallerKind = {
  name: 'a stock Feathers client over Socket.IO',
  hasEvents: true,
  open: async ({ admin }) => feathersCaller(withMethods(socketio.default((await admin.socket()) as never)))
}

export const generated: CallerKind = {
  name: 'the generated client',
  hasEvents: true,
  open: async ({ platform }) => {
    const { createClient, remove } = await importClient(platform.url)
    const client = createClient({ url: platform.url })
    await client.signIn({ email: 'admin@example.org', password })
    await client.connection.connect()
    return {
      find: (path, query) => client[path].find(query),
      get: (path, id) => client[path].get(id),
      create: (path, data) => client[path].create(data),
      update: (path, id, data) => client[path].update(id, data),
      patch: (path, id, data) => client[path].patch(id, data),
      remove: (path, id) => client[path].remove(id),
      act: (path, method, id, input) => client[path][method](id, input),
      ask: (path, method, input) => client[path][method](input),
      on: (path, event, listener) => client[path].on(event, listener),
      failureOf: ({ status, message, errors }) => ({ status, message, fields: fieldsOf(errors) }),
      close: async () => {
        client.close()
        await remove()
      }
    }
  }
}

function fieldsOf(errors: readonly { readonly field: string }[] = []): readonly string[] {
  return errors.map(({ field }) => field).toSorted()
}
