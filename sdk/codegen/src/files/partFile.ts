import { hardLine, indent, join, type Doc } from '../layout/Doc.ts'
import { print } from '../layout/print.ts'
import { propertyKey } from '../names/words.ts'
import type { ClientPlan, PartPlan } from '../plan/ClientPlan.ts'
import { comment } from '../types/comment.ts'
import { typeDoc, type NameOf } from '../types/typeDoc.ts'
import type { GeneratedFile, ImportExtension } from './GeneratedFile.ts'
import { fileOf } from './fileOf.ts'
import { importDoc, relativePath } from './importDoc.ts'
import { interfaceDoc } from './interfaceDoc.ts'
import { recordNamer } from './recordNamer.ts'
import { serviceDocs } from './serviceDoc.ts'
import { tableDoc } from './tableDoc.ts'

/** The file of one plugin: its types, and the table by which the runtime calls it. */
export function partFile(plan: ClientPlan, part: PartPlan, extension: ImportExtension): GeneratedFile {
  const { nameOf, used } = recordNamer(plan)
  const { short } = part.plugin
  const pieces: string[] = []
  // Each is printed before the next is made: there may be many.
  for (const doc of docsOf(part, nameOf)) pieces.push(print(doc))
  const imports = [importDoc('@signalbox/client', importsOf(part))]
  for (const [file, names] of used) {
    if (file !== short) imports.push(importDoc(relativePath(file, extension), [...names], { isType: true }))
  }
  return fileOf(`${short}.ts`, plan.hash, [print(join(hardLine, imports)), ...pieces])
}

function* docsOf(part: PartPlan, nameOf: NameOf): Iterable<Doc> {
  const { plugin, services, servicesType, commandsType } = part
  for (const service of services) yield* serviceDocs(service, nameOf)
  yield interfaceDoc(
    servicesType,
    services.map(({ name, type }) => `${propertyKey(name)}: ${type}`),
    `The services of ${plugin.name}.`
  )
  if (commandsType !== undefined) yield commandsDoc(part, commandsType, nameOf)
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

function commandsDoc({ plugin, commands }: PartPlan, name: string, nameOf: NameOf): Doc {
  const members = commands.map(({ name, description, input, output }): Doc => [
    comment(description),
    propertyKey(name),
    ': {',
    indent(hardLine, ['input: ', typeDoc(input, { isSent: true, nameOf })], hardLine, [
      'output: ',
      typeDoc(output, { isSent: false, nameOf })
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
