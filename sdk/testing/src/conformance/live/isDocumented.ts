import { Compile } from 'typebox/schema'
import { assertNoFaults } from '../assertNoFaults.ts'
import type { Check, Subject } from '../Check.ts'
import type { Documents, Operation } from '../readDocuments.ts'
import type { Schema } from '../sampleOf.ts'
import { schemaFaults } from '../schemaFaults.ts'

/** OpenAPI and AsyncAPI, as far as they are about this plugin. */
export const isDocumented: Check = {
  title: 'is described by documents that hold together',
  run: ({ name, plugin, documents }) => {
    const own = documents.operations.filter(({ tags }) => tags?.includes(name))
    const ids = own.map(({ operationId }) => operationId)
    assertNoFaults([
      ...ids.filter((id, index) => ids.indexOf(id) !== index).map((id) => `two operations are called ${id}`),
      ...own.flatMap((operation) => operationFaults(operation, documents)),
      ...toldFaults(plugin, documents)
    ])
  }
}

function operationFaults(operation: Operation, documents: Documents): string[] {
  const { operationId, summary } = operation
  const references = new Set(referencesIn(operation))
  // What its schemas refer to in their turn.
  for (const reference of references)
    for (const inner of referencesIn(resolve(reference, documents.openapi))) references.add(inner)
  const schemas = [...references].filter((reference) => reference.startsWith('#/components/schemas/'))
  return [
    ...(summary ? [] : [`${operationId} has no summary`]),
    ...[...references]
      .filter((reference) => resolve(reference, documents.openapi) === undefined)
      .map((reference) => `${operationId} refers to ${reference}, which is not there`),
    ...schemas.flatMap((reference) => schemaOf(reference, documents))
  ]
}

/** What is wrong with a schema, or with the examples and defaults in it. */
function schemaOf(reference: string, documents: Documents): string[] {
  const name = reference.split('/').at(-1) ?? ''
  const schema = documents.schemas[name]
  try {
    Compile({ ...schema, components: documents.openapi.components } as object)
  } catch (error) {
    return [`the schema ${name} does not compile: ${(error as Error).message}`]
  }
  return Object.entries(schema?.properties ?? {}).flatMap(([field, declared]) =>
    samplesIn(declared).flatMap((value) =>
      schemaFaults(value, declared, documents).map(
        (fault) => `${name}.${field}: the example or default ${JSON.stringify(value)} ${fault.trim()}`
      )
    )
  )
}

/** The examples and the default of a field; those of one that may be null stand beside the null. */
function samplesIn({ examples = [], default: fallback, anyOf = [] }: Schema): unknown[] {
  return [...examples, ...(fallback === undefined ? [] : [fallback]), ...anyOf.flatMap(samplesIn)]
}

/** Every command, reply and named event has a place in the AsyncAPI document. */
function toldFaults(plugin: Subject['plugin'], { asyncapi }: Documents): string[] {
  const addresses = new Set(
    Object.values<{ readonly address: string }>(asyncapi.channels).map(({ address }) => address)
  )
  const commands = (plugin.commands ?? []).flatMap(({ name, reply }) => [name, reply])
  const events = [...(plugin.resources ?? []), ...(plugin.services ?? [])].flatMap(({ events = {} }) =>
    Object.keys(events)
  )
  return [...commands, ...events]
    .filter((told) => !addresses.has(told))
    .map((told) => `${told} is not in the AsyncAPI document`)
}

function referencesIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) =>
    key === '$ref' && typeof inner === 'string' ? [inner] : referencesIn(inner)
  )
}

function resolve(reference: string, document: unknown): unknown {
  const steps = reference.slice(2).split('/')
  return steps.reduce<any>((at, step) => at?.[step.replaceAll('~1', '/').replaceAll('~0', '~')], document)
}
