import type { Plugin } from '@signalbox/plugin'
import type { TProperties } from 'typebox'
import type { DeclarationCheck } from '../Check.ts'

/** Documents, the catalogue of permissions and the list of options show descriptions to people. */
export const describesAll: DeclarationCheck = {
  title: 'describes all that it declares',
  faults: (plugin) =>
    [...described(plugin)]
      .filter(([, description]) => !description?.trim())
      .map(([what]) => `${what} has no description: say in a sentence what it is`)
}

function* described(plugin: Plugin): Generator<[what: string, description: string | undefined]> {
  const { resources = [], services = [], augmentations = [], commands = [], settings = {}, config } = plugin
  for (const { path, description, methods = {} } of [...resources, ...services]) {
    yield [`the resource ${path}`, description]
    yield* methodsOf(path, methods)
  }
  for (const { resource, methods = {}, fields = {} } of augmentations) {
    yield* methodsOf(resource.path, methods)
    for (const [name, field] of Object.entries(fields as TProperties))
      yield [`the field ${name} on ${resource.path}`, descriptionOf(field)]
  }
  for (const { name, description } of commands) yield [`the command ${name}`, description]
  for (const [name, { description }] of Object.entries(settings)) yield [`the setting ${name}`, description]
  for (const [name, field] of Object.entries((config?.properties ?? {}) as TProperties))
    yield [`the option ${name}`, descriptionOf(field)]
}

function* methodsOf(
  path: string,
  methods: Readonly<Record<string, { readonly description: string }>>
): Generator<[string, string]> {
  for (const [name, { description }] of Object.entries(methods))
    yield [`the method ${name} of ${path}`, description]
}

function descriptionOf(schema: object): string | undefined {
  return (schema as { readonly description?: string }).description
}
