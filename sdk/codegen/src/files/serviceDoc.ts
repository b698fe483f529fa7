import { group, indent, join, line, softLine, type Doc } from '../layout/Doc.ts'
import { propertyKey, quoted } from '../names/words.ts'
import type { MethodPlan, RoomPlan, ServicePlan } from '../plan/ClientPlan.ts'
import { comment } from '../types/comment.ts'
import type { NameOf } from '../types/typeDoc.ts'
import { declarationDoc, interfaceDoc, useDoc } from './interfaceDoc.ts'

/** Everything that is exported for one service: its types, its events, and the interface of its client. */
export function* serviceDocs(service: ServicePlan, nameOf: NameOf): Iterable<Doc> {
  const { declarations, eventsType, methods, rooms } = service
  for (const declaration of declarations) yield declarationDoc(declaration, nameOf)
  if (eventsType !== undefined) yield interfaceDoc(eventsType, eventDocs(service, nameOf))
  yield interfaceDoc(
    headOf(service),
    [...methods.map((method) => methodDoc(method, nameOf)), ...rooms.map((room) => roomDoc(room, service))],
    service.description
  )
}

/** The parameters of a call of a named method. */
function parametersOf({ method, input, isInputOptional }: MethodPlan, nameOf: NameOf): Doc[] {
  return [
    ...(method.on === 'record' ? ['id: string'] : []),
    ...(input ? [[isInputOptional ? 'input?: ' : 'input: ', useDoc(input, nameOf)]] : []),
    'options?: CallOptions'
  ]
}

/** A method of an interface, broken at its parameters where it is long. */
export function signature(name: string, parameters: readonly Doc[], result: Doc): Doc {
  const inside = indent(softLine, join([',', line], parameters))
  return [propertyKey(name), group('(', inside, softLine, '): Promise<', result, '>')]
}

function headOf({ type, resource, eventsType }: ServicePlan): Doc {
  if (eventsType === undefined) return type
  if (!resource) return `${type} extends EventSource<${eventsType}>`
  const { record, detail, create, update, patch } = resource
  const types = [record, detail, create, update, patch, eventsType]
  const list = group('<', indent(softLine, join([',', line], types)), softLine, '>')
  return [type, ' extends ResourceClient', list]
}

function eventDocs({ resource, events }: ServicePlan, nameOf: NameOf): Doc[] {
  const declared = events.map(({ name, payload }): Doc => [propertyKey(name), ': ', useDoc(payload, nameOf)])
  if (!resource) return declared
  const changed = `${resource.singular}-changed`
  if (events.some(({ name }) => name === changed)) return declared
  return [`${quoted(changed)}: Changed<${resource.record}>`, ...declared]
}

function methodDoc(plan: MethodPlan, nameOf: NameOf): Doc {
  const { method, output } = plan
  return [
    comment(method.description),
    signature(method.name, parametersOf(plan, nameOf), useDoc(output, nameOf))
  ]
}

function roomDoc({ method, description, key, events }: RoomPlan, { eventsType }: ServicePlan): Doc {
  const told = join(' | ', events.map(quoted))
  return [
    comment(description),
    `${method}(${parameterName(key)}: string): Room<Pick<${eventsType}, `,
    told,
    '>>'
  ]
}

/** A field’s name as that of a parameter. */
function parameterName(key: string): string {
  return /^[a-z]\w*$/i.test(key) ? key : 'key'
}
