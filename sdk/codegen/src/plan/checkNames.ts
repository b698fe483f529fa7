import type { Manifest, ManifestResource, ManifestService } from '../manifest/Manifest.ts'
import { camel } from '../names/words.ts'

/** What every client has beside its services; a service of such a name could not be reached. */
export const clientMembers = [
  'close',
  'connection',
  'send',
  'session',
  'signIn',
  'signOut',
  // A client with it would be taken for a promise.
  'then'
]

/** What the client of every service has, and of every resource beside that. */
export const serviceMembers = ['events', 'on']
export const resourceMembers = ['all', 'create', 'find', 'get', 'live', 'patch', 'remove', 'update']

/** The files of a client that are no plugin’s. */
const files = ['feathers', 'index']

/** Throws a sentence where a name of the manifest cannot be one of the client. */
export function checkNames({ resources, services, commands, plugins }: Manifest): void {
  const paths = new Map<string, string>()
  for (const service of [...resources, ...services]) {
    const { path } = service
    const name = camel(path)
    if (clientMembers.includes(name))
      throw new Error(
        `The service ${path} would be client.${name}, which every client has already: rename it.`
      )
    const twin = paths.get(name)
    if (twin !== undefined)
      throw new Error(`The services ${twin} and ${path} would both be client.${name}: rename one of them.`)
    paths.set(name, path)
    checkMethods(service, commands)
    if (!plugins.some((plugin) => plugin.name === service.plugin))
      throw new Error(`The manifest has ${path} of ${service.plugin}, but not that plugin.`)
  }
  for (const { name, short } of plugins) {
    if (files.includes(short))
      throw new Error(`${name} would write ${short}.ts, which every client has: rename it.`)
  }
  for (const { name, room } of commands) {
    if (room && !paths.has(camel(room.service)))
      throw new Error(`The manifest has no ${room.service}, which has the room of ${name}.`)
  }
}

function checkMethods(service: ManifestService | ManifestResource, commands: Manifest['commands']): void {
  const { path, methods } = service
  const members = 'singular' in service ? [...serviceMembers, ...resourceMembers] : serviceMembers
  const rooms = commands.flatMap(({ room }) => (room?.service === path ? [room.method] : []))
  const bad = [...methods.map(({ name }) => name), ...rooms].find((name) => members.includes(name))
  if (bad !== undefined)
    throw new Error(
      `The method ${path}.${bad} would hide one that the client of every service has: rename it.`
    )
}
