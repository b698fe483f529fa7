import { hardLine, indent, join, type Doc } from '../layout/Doc.ts'
import { propertyKey } from '../names/words.ts'
import type { ClientPlan, PartPlan } from '../plan/ClientPlan.ts'
import { comment } from '../types/comment.ts'
import { typeDoc } from '../types/typeDoc.ts'
import type { GeneratedFile } from './GeneratedFile.ts'
import { fileOf } from './fileOf.ts'
import { importDoc } from './importDoc.ts'
import { interfaceDoc } from './interfaceDoc.ts'
import { serviceDocs } from './serviceDoc.ts'
import { tableDoc } from './tableDoc.ts'

/** The file of one plugin: its types, and the table by which the runtime calls it. */
export function partFile({ hash }: ClientPlan, part: PartPlan): GeneratedFile {
  return fileOf(`${part.plugin.short}.ts`, hash, docsOf(part))
}

function* docsOf(part: PartPlan): Iterable<Doc> {
  const { plugin, services, servicesType, commandsType } = part
  yield importDoc('@signalbox/client', importsOf(part))
  for (const service of services) yield* serviceDocs(service)
  yield interfaceDoc(
    servicesType,
    services.map(({ name, type }) => `${propertyKey(name)}: ${type}`),
    `The services of ${plugin.name}.`
  )
  if (commandsType !== undefined) yield commandsDoc(part, commandsType)
  yield constantDoc(part)
}

function importsOf({ services }: PartPlan): string[] {
  const uses: readonly (readonly [name: string, isUsed: boolean])[] = [
    ['CallOptions', services.some(({ methods }) => methods.length > 0)],
    ['Changed', services.some(({ resource }) => resource)],
    ['EventSource', services.some(({ resource, eventsType }) => !resource && eventsType !== undefined)],
    ['ResourceClient', services.some(({ resource }) => resource)],
    ['Room', services.some(({ rooms }) => rooms.length > 0)]
  ].map(([name, isUsed]) => [String(name), Boolean(isUsed)])
  return ['part', ...uses.filter(([, isUsed]) => isUsed).map(([name]) => `type ${name}`)]
}

function commandsDoc({ plugin, commands }: PartPlan, name: string): Doc {
  const members = commands.map(({ name, description, input, output }): Doc => [
    comment(description),
    propertyKey(name),
    ': {',
    indent(hardLine, ['input: ', typeDoc(input, { isSent: true })], hardLine, [
      'output: ',
      typeDoc(output, { isSent: false })
    ]),
    hardLine,
    '}'
  ])
  return interfaceDoc(name, members, `The socket commands of ${plugin.name}.`)
}

function constantDoc({ plugin, constant, servicesType, commandsType, services }: PartPlan): Doc {
  const types = commandsType === undefined ? servicesType : `${servicesType}, ${commandsType}`
  const tables = services.map((service): Doc => [propertyKey(service.name), ': ', tableDoc(service)])
  return [
    comment(`${plugin.name} ${plugin.version}, to be given to a client among its \`parts\`.`),
    // Bundlers leave it out where it is not used.
    `export const ${constant} = /* @__PURE__ */ part<${types}>(`,
    tables.length ? ['{', indent(hardLine, join([',', hardLine], tables)), hardLine, '}'] : '{}',
    ')'
  ]
}
