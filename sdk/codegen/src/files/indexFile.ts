import { group, hardLine, indent, join, line, softLine, type Doc } from '../layout/Doc.ts'
import { print } from '../layout/print.ts'
import { quoted } from '../names/words.ts'
import type { ClientPlan, PartPlan } from '../plan/ClientPlan.ts'
import { comment } from '../types/comment.ts'
import type { GeneratedFile, ImportExtension } from './GeneratedFile.ts'
import { fileOf } from './fileOf.ts'
import { importDoc, relativePath } from './importDoc.ts'

/** The file that puts the parts together: the type of the client, and what makes one. */
export function indexFile({ hash, title, parts }: ClientPlan, extension: ImportExtension): GeneratedFile {
  const pathOf = ({ plugin }: PartPlan): string => relativePath(plugin.short, extension)
  const services = parts.map(({ servicesType }) => servicesType)
  const commands = parts.flatMap(({ commandsType }) => commandsType ?? [])
  const installed = parts.map(({ plugin }) => `${plugin.name} ${plugin.version}`).join(', ')
  const docs: Doc[] = [
    join(hardLine, [
      importDoc('@signalbox/client', ['createClient as connect', 'type Client', 'type ClientOptions']),
      ...parts.map((part) => importDoc(pathOf(part), [part.constant, ...typesOf(part)]))
    ]),
    join(
      hardLine,
      parts.map((part) => `export * from ${quoted(pathOf(part))}`)
    ),
    [
      comment('The hash of the manifest that this was made from.'),
      `export const manifestHash = ${quoted(hash)}`
    ],
    [
      comment(`A client of ${title}, with ${installed}.`),
      'export type Signalbox = Client',
      group('<', indent(softLine, join([',', line], [services, commands].map(intersection))), softLine, '>')
    ],
    [
      comment('Makes a client with everything that is installed there.'),
      "export function createClient(options: Omit<ClientOptions, 'parts' | 'manifestHash'>): Signalbox {",
      // `Signalbox` is what these parts say: to find that out anew costs TypeScript more than all the rest.
      indent(hardLine, 'return connect(', argument(parts), ') as unknown as Signalbox'),
      hardLine,
      '}'
    ]
  ]
  return fileOf('index.ts', hash, docs.map(print))
}

function typesOf({ servicesType, commandsType }: PartPlan): string[] {
  return [servicesType, ...(commandsType === undefined ? [] : [commandsType])].map((name) => `type ${name}`)
}

function argument(parts: readonly PartPlan[]): Doc {
  const names = parts.map(({ constant }) => constant)
  const list = group('[', indent(softLine, join([',', line], names)), softLine, ']')
  return group('{', indent(line, '...options,', line, 'parts: ', list, ',', line, 'manifestHash'), line, '}')
}

function intersection([first = '{}', ...others]: readonly string[]): Doc {
  return group(first, indent(others.map((other): Doc => [' &', line, other])))
}
