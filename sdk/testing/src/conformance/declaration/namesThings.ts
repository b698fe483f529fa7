import type { Plugin } from '@signalbox/plugin'
import type { DeclarationCheck } from '../Check.ts'

interface Form {
  readonly pattern: RegExp
  readonly example: string
}

const camel: Form = { pattern: /^[a-z][a-zA-Z0-9]*$/, example: 'windSpeed' }
const kebab: Form = { pattern: /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/, example: 'api-key' }
const path: Form = { pattern: /^[a-z][a-z0-9]*([-/][a-z0-9]+)*$/, example: 'api-keys' }
const event: Form = { pattern: /^[a-z][a-z0-9]*([-:][a-z0-9]+)*$/, example: 'job:started' }
const command: Form = { pattern: /^[a-z][a-z0-9-]*(:[a-z0-9-]+)+$/, example: 'subscribe:logs' }
const migration: Form = { pattern: /^\d{3}-[a-z0-9-]+$/, example: '001-stations' }

const ofEveryResource = new Set(['created', 'updated', 'patched', 'removed'])

/** Names are parts of paths, events, permissions and the generated client: one form each, for all plugins. */
export const namesThings: DeclarationCheck = {
  title: 'gives names in the form that all plugins share',
  faults: (plugin, name) => [
    ...check(kebab, [['the short name', name]]),
    ...(plugin.resources ?? []).flatMap(resourceFaults),
    ...(plugin.services ?? []).flatMap((service) => [
      ...check(path, [['the path', service.path]]),
      ...methodAndEventFaults(service)
    ]),
    ...(plugin.augmentations ?? []).flatMap(({ fields = {}, methods = {} }) =>
      check(camel, [...named('the field', fields), ...named('the method', methods)])
    ),
    ...(plugin.commands ?? []).flatMap((declared) => [
      ...check(command, [['the command', declared.name]]),
      ...check(event, [[`the reply of ${declared.name}`, declared.reply]])
    ]),
    ...check(camel, named('the setting', plugin.settings ?? {})),
    ...check(camel, named('the option', plugin.config?.properties ?? {})),
    ...migrationFaults(plugin)
  ]
}

function resourceFaults(resource: NonNullable<Plugin['resources']>[number]): string[] {
  const { singular, schema } = resource
  const plural = resource.path.slice(resource.path.lastIndexOf('/') + 1)
  return [
    ...check(path, [['the path', resource.path]]),
    ...check(kebab, [['the singular', singular]]),
    ...(singular === plural
      ? [
          `the path ${resource.path} is its singular too: a path names many (cameras), the singular one (camera)`
        ]
      : []),
    ...check(camel, named(`the field of ${resource.path}`, schema.properties)),
    ...methodAndEventFaults(resource)
  ]
}

function methodAndEventFaults(of: {
  readonly path: string
  readonly methods?: object
  readonly events?: object
}): string[] {
  return [
    ...check(camel, named(`the method of ${of.path}`, of.methods ?? {})),
    ...check(event, named(`the event of ${of.path}`, of.events ?? {})),
    ...Object.keys(of.events ?? {})
      .filter((name) => ofEveryResource.has(name) || name.endsWith('-changed'))
      .map((name) => `the event of ${of.path} ${name} is one that every resource has: give it another name`)
  ]
}

function migrationFaults({ migrations = [] }: Plugin): string[] {
  const names = migrations.map(({ name }) => name)
  const isInOrder = names.every((name, index) => index === 0 || name > (names[index - 1] as string))
  return [
    ...check(
      migration,
      names.map((name) => ['the migration', name])
    ),
    ...(isInOrder ? [] : [`the migrations ${names.join(', ')} are not in order: number them as they run`])
  ]
}

function named(what: string, things: object): [what: string, name: string][] {
  return Object.keys(things).map((name) => [what, name])
}

function check(
  { pattern, example }: Form,
  names: readonly (readonly [what: string, name: string])[]
): string[] {
  return names
    .filter(([, name]) => !pattern.test(name))
    .map(([what, name]) => `${what} ${name || '(empty)'} has not the form of ${example}`)
}
