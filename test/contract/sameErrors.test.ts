import assert from 'node:assert/strict'
import { recorder } from '@signalbox/recorder'
import type { Socket } from 'socket.io-client'
import { notebook } from './notebook.ts'
import { assertFailure, call, fails, onEachDatabase, type Person } from './support.ts'

type RestCall = readonly [method: string, path: string, body?: unknown]
type SocketCall = readonly [method: string, ...args: unknown[]]

interface Fault {
  readonly what: string
  readonly code: number
  readonly rest: RestCall
  readonly socket: SocketCall
  /** Who calls, where it is not the administrator. */
  readonly as?: 'viewer'
}

const camera = { name: 'Gate', protocol: 'test' }
const record = '$record'

/** One table: the same fault at both doors. `$record` stands for a camera that is there. */
const faults: readonly Fault[] = [
  { what: 'an unknown resource', code: 404, rest: ['GET', '/nothing'], socket: ['find', 'nothing', {}] },
  {
    what: 'a record that is not there',
    code: 404,
    rest: ['GET', '/cameras/nobody'],
    socket: ['get', 'cameras', 'nobody']
  },
  {
    what: 'a change of one',
    code: 404,
    rest: ['PATCH', '/cameras/nobody', { name: 'x' }],
    socket: ['patch', 'cameras', 'nobody', { name: 'x' }]
  },
  {
    what: 'a method of one',
    code: 404,
    rest: ['POST', '/jobs/nobody/start', {}],
    socket: ['start', 'jobs', { id: 'nobody' }]
  },
  {
    what: 'a method that is not there',
    code: 405,
    rest: ['DELETE', '/health'],
    socket: ['remove', 'health', 'x']
  },
  {
    what: 'an unknown field',
    code: 400,
    rest: ['POST', '/cameras', { ...camera, colour: 1 }],
    socket: ['create', 'cameras', { ...camera, colour: 1 }]
  },
  {
    what: 'wrong types',
    code: 400,
    rest: ['POST', '/cameras', { name: 5, protocol: [] }],
    socket: ['create', 'cameras', { name: 5, protocol: [] }]
  },
  {
    what: 'a list for a record',
    code: 400,
    rest: ['POST', '/cameras', [camera]],
    socket: ['create', 'cameras', [camera]]
  },
  {
    what: 'a NUL byte',
    code: 400,
    rest: ['POST', '/cameras', { ...camera, name: 'a\0' }],
    socket: ['create', 'cameras', { ...camera, name: 'a\0' }]
  },
  {
    what: 'an unknown filter',
    code: 400,
    rest: ['GET', '/cameras?colour=1'],
    socket: ['find', 'cameras', { colour: 1 }]
  },
  {
    what: 'a limit that is none',
    code: 400,
    rest: ['GET', '/cameras?$limit=abc'],
    socket: ['find', 'cameras', { $limit: 'abc' }]
  },
  {
    what: 'a page that is none',
    code: 400,
    rest: ['GET', '/cameras?page=0'],
    socket: ['find', 'cameras', { page: 0 }]
  },
  {
    what: 'an unknown operator',
    code: 400,
    rest: ['GET', '/cameras?name[$regex]=x'],
    socket: ['find', 'cameras', { name: { $regex: 'x' } }]
  },
  {
    what: 'a stale version',
    code: 409,
    rest: ['PATCH', `/cameras/${record}`, { version: 99 }],
    socket: ['patch', 'cameras', record, { version: 99 }]
  },
  {
    what: 'a duplicate',
    code: 409,
    rest: ['POST', '/users', { email: 'ADMIN@example.org' }],
    socket: ['create', 'users', { email: 'ADMIN@example.org' }]
  },
  {
    what: 'a role in use',
    code: 409,
    rest: ['DELETE', '/roles/viewer'],
    socket: ['remove', 'roles', 'viewer']
  },
  {
    what: 'a missing right',
    code: 403,
    as: 'viewer',
    rest: ['POST', '/cameras', camera],
    socket: ['create', 'cameras', camera]
  },
  {
    what: 'a missing right to read',
    code: 403,
    as: 'viewer',
    rest: ['GET', '/settings'],
    socket: ['find', 'settings', {}]
  },
  {
    what: 'a refusal of a peer',
    code: 422,
    rest: ['POST', '/notes', { text: 'refused' }],
    socket: ['create', 'notes', { text: 'refused' }]
  },
  {
    what: 'a fault of the server',
    code: 500,
    rest: ['POST', '/notes', { text: 'broken' }],
    socket: ['create', 'notes', { text: 'broken' }]
  },
  {
    what: 'a wrong password',
    code: 401,
    rest: ['POST', '/auth/login', { email: 'admin@example.org', password: 'no' }],
    socket: ['login', 'auth', { email: 'admin@example.org', password: 'no' }]
  }
]

onEachDatabase('The same fault at both doors', [recorder, notebook], (place) => {
  const people: Record<'admin' | 'viewer', { person: Pick<Person, 'api'>; socket: Socket }> = {} as never
  let id: string

  before(async () => {
    const viewer = await place.person('viewer')
    people.admin = { person: place.admin, socket: await place.admin.socket() }
    people.viewer = { person: viewer, socket: await viewer.socket() }
    id = (await place.admin.api('POST', '/cameras', camera)).body.id
  })

  for (const { what, code, rest, socket, as = 'admin' } of faults) {
    it(`is the same error: ${what}`, async () => {
      const caller = people[as]
      const [method, path, body] = rest
      const { body: atRest } = await fails(caller.person.api(method, path.replace(record, id), body), code)
      const [name, ...args] = socket
      const { error: atSocket } = await call(
        caller.socket,
        name,
        ...args.map((arg) => (arg === record ? id : arg))
      )
      assertFailure(atSocket, code)
      assert.deepEqual(comparable(atSocket), comparable(atRest))
    })
  }
})

/** All but the words, which may name the path or a request id. */
function comparable({ message: _, ...failure }: Record<string, unknown>): Record<string, unknown> {
  return failure
}
