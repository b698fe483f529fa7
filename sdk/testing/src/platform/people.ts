import type { Resource, Service, ServiceOf } from '@signalbox/plugin'
import type { Socket } from 'socket.io-client'
import { Events } from '../events/Events.ts'
import { callApi } from './callApi.ts'
import { connectSocket } from './connectSocket.ts'
import { remoteService } from './remoteService.ts'
import type { Answer, Api, Person, Rights } from './Person.ts'

export interface PeopleOptions {
  readonly url: string
  readonly unconnected: (auth: object) => Socket
}

export interface People {
  signIn(email?: string): Promise<Person>
  admin(): Promise<Person>
  client(rights?: string | Rights): Promise<Person>
}

export const administrator = { email: 'admin@example.org', password: 'correct horse battery' }

/** Makes people and signs them in. */
export function peopleOf({ url, unconnected }: PeopleOptions): People {
  let count = 0
  let admin: Promise<Person> | undefined
  let registrar: Promise<Person> | undefined

  async function signIn(email: string = administrator.email): Promise<Person> {
    const { password } = administrator
    const body = { email, password }
    const answer = await callApi({ url, method: 'POST', path: '/auth/login', body })
    if (answer.status !== 200)
      throw new Error(`log-in of ${email}: ${answer.status} ${JSON.stringify(answer.body)}`)
    const { user, accessToken: token, refreshToken } = answer.body
    const events = new Events()
    const sockets: Socket[] = []
    const api: Api = (method, path, data, headers = {}) =>
      callApi({ url, method, path, body: data, headers: { authorization: `Bearer ${token}`, ...headers } })
    return {
      id: user.id,
      email,
      token,
      refreshToken,
      api,
      events,
      service: <R extends Resource | Service>(resource: R) =>
        remoteService({ resource, api, sockets }) as ServiceOf<R>,
      socket: async () => {
        const socket = unconnected({ token })
        socket.onAny((name: string, payload: unknown) => events.hear({ name, payload }))
        sockets.push(await connectSocket(socket))
        return socket
      }
    }
  }

  async function client(rights: string | Rights = {}): Promise<Person> {
    const {
      role,
      permissions = [],
      denied = [],
      scope = 'any'
    } = typeof rights === 'string' ? { role: rights } : rights
    const email = `person-${++count}-${role ?? 'none'}@example.org`
    const { password } = administrator
    const user = { email, password, ...(role !== undefined && { role }) }
    const { id: subjectId } = await make('/users', user)
    const give = (permission: string, effect: 'grant' | 'deny') =>
      make('/grants', { subjectType: 'user', subjectId, permission, effect, scope })
    for (const permission of permissions) await give(permission, 'grant')
    for (const permission of denied) await give(permission, 'deny')
    return signIn(email)
  }

  /** Creates something as an administrator, whose session a test may have ended meanwhile. */
  async function make(path: string, data: object): Promise<{ readonly id: string }> {
    const post = async (): Promise<Answer> => (await (registrar ??= signIn())).api('POST', path, data)
    let answer = await post()
    if (answer.status === 401) {
      registrar = undefined
      answer = await post()
    }
    if (answer.status === 201) return answer.body
    throw new Error(
      `POST ${path} of ${JSON.stringify(data)}: ${answer.status} ${JSON.stringify(answer.body)}`
    )
  }

  return { signIn, admin: () => (admin ??= signIn()), client }
}
