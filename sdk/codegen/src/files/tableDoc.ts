import { group, indent, join, line, softLine, type Doc } from '../layout/Doc.ts'
import { propertyKey, quoted } from '../names/words.ts'
import type { MethodPlan, ResourcePlan, RoomPlan, ServicePlan } from '../plan/ClientPlan.ts'

/** How a service is called, as the runtime reads it. */
export function tableDoc({ path, resource, methods, events, rooms }: ServicePlan): Doc {
  return objectDoc({
    path: quoted(path),
    ...(resource && { singular: quoted(resource.singular), sort: sortDoc(resource) }),
    ...(methods.length && { methods: objectDoc(Object.fromEntries(methods.map(routeOf))) }),
    ...(events.length && { events: listDoc(events.map(({ name }) => name)) }),
    ...(rooms.length && { rooms: objectDoc(Object.fromEntries(rooms.map(roomOf))) })
  })
}

/** An object, broken where it does not fit on its line. */
export function objectDoc(fields: Readonly<Record<string, Doc>>): Doc {
  const entries = Object.entries(fields).map(([name, value]): Doc => [propertyKey(name), ': ', value])
  return entries.length ? group('{', indent(line, join([',', line], entries)), line, '}') : '{}'
}

function sortDoc({ defaultSort }: ResourcePlan): Doc {
  return objectDoc(Object.fromEntries(Object.entries(defaultSort).map(([name, way]) => [name, String(way)])))
}

function listDoc(texts: readonly string[]): Doc {
  return group('[', indent(softLine, join([',', line], texts.map(quoted))), softLine, ']')
}

function routeOf({ method, input }: MethodPlan): [name: string, route: Doc] {
  const { name, http, path } = method
  return [name, quoted(`${http} ${path}${input ? ' (input)' : ''}`)]
}

function roomOf({ method, join, leave, events, key }: RoomPlan): [name: string, table: Doc] {
  return [
    method,
    objectDoc({ join: quoted(join), leave: quoted(leave), events: listDoc(events), key: quoted(key) })
  ]
}
