import { group, hardLine, indent, join, line, softLine, type Doc } from '../layout/Doc.ts'
import { print } from '../layout/print.ts'
import { propertyKey } from '../names/words.ts'
import type {
  ClientPlan,
  MethodPlan,
  PartPlan,
  ResourcePlan,
  ServicePlan,
  TypeUse
} from '../plan/ClientPlan.ts'
import { comment } from '../types/comment.ts'
import type { NameOf } from '../types/typeDoc.ts'
import type { GeneratedFile, ImportExtension } from './GeneratedFile.ts'
import { fileOf } from './fileOf.ts'
import { importDoc, relativePath } from './importDoc.ts'
import { interfaceDoc, useDoc } from './interfaceDoc.ts'
import { recordNamer } from './recordNamer.ts'
import { signature } from './serviceDoc.ts'

/** The types with which a stock Feathers client calls the same services: `feathers<ServiceTypes>()`. */
export function feathersFile(plan: ClientPlan, extension: ImportExtension): GeneratedFile {
  const { hash, title, parts } = plan
  const { nameOf, used } = recordNamer(plan)
  const services = parts.flatMap((part) => part.services)
  const types = interfaceDoc(
    'ServiceTypes',
    services.map((service): Doc => [
      comment(service.description),
      propertyKey(service.path),
      ': ',
      typeOf(service, nameOf)
    ]),
    `The services of ${title}, by path, for \`feathers<ServiceTypes>()\`.`
  )
  const imports = [
    { from: '@signalbox/client', names: helpers(services) },
    ...parts.map((part) => ({
      from: relativePath(part.plugin.short, extension),
      names: [...new Set([...namesOf(part), ...(used.get(part.plugin.short) ?? [])])].sort()
    }))
  ]
    .filter(({ names }) => names.length > 0)
    .map(({ from, names }) => importDoc(from, names, { isType: true }))
  const docs = [...(imports.length ? [join(hardLine, imports)] : []), types]
  return fileOf('feathers.ts', hash, docs.map(print))
}

function helpers(services: readonly ServicePlan[]): string[] {
  return [
    ...(services.some(({ methods }) => methods.length) ? ['FeathersParams'] : []),
    ...(services.some(({ resource }) => resource) ? ['FeathersResource'] : [])
  ]
}

function namesOf({ services }: PartPlan): string[] {
  return services.flatMap(({ resource, methods }) => [
    ...(resource ? recordTypes(resource) : []),
    ...methods.flatMap(({ input, output }) => [...nameIn(input), ...nameIn(output)])
  ])
}

function recordTypes({ record, detail, create, update, patch }: ResourcePlan): string[] {
  return [record, detail, create, update, patch]
}

function nameIn(use: TypeUse | undefined): string[] {
  return use && 'name' in use ? [use.name] : []
}

function typeOf({ resource, methods }: ServicePlan, nameOf: NameOf): Doc {
  const named = methods.map((plan): Doc => [comment(plan.method.description), methodDoc(plan, nameOf)])
  const own: Doc = named.length ? ['{', indent(hardLine, join(hardLine, named)), hardLine, '}'] : '{}'
  if (!resource) return own
  const types = join([',', line], recordTypes(resource))
  const standard = ['FeathersResource', group('<', indent(softLine, types), softLine, '>')]
  return named.length ? [standard, ' & ', own] : standard
}

/** Feathers calls `find(params)`, `patch(id, data, params)`, and every other method of a name of its own `(data, params)`. */
function methodDoc(plan: MethodPlan, nameOf: NameOf): Doc {
  const { method, input, output } = plan
  const given: Doc = input ? useDoc(input, nameOf) : '{}'
  const result = useDoc(output, nameOf)
  if (method.name === 'find') {
    const params = input ? ['FeathersParams<', given, '>'] : 'FeathersParams'
    return signature('find', [['params?: ', params]], result)
  }
  if (method.name === 'patch')
    return signature('patch', ['id: null', ['data: ', given], 'params?: FeathersParams'], result)
  const data: Doc = method.on === 'record' ? (input ? ['{ id: string } & ', given] : '{ id: string }') : given
  return signature(method.name, [['data: ', data], 'params?: FeathersParams'], result)
}
