import { errorSchema, successSchema } from './answerSchemas.ts'
import { completeRecords } from './completeRecords.ts'
import { closedObject, type JsonSchema } from './JsonSchema.ts'
import type { Manifest, ManifestMethod, ManifestResource } from './manifestShape.ts'
import { methodSchemaNames, resourceSchemaNames, schemaRef } from './schemaNames.ts'

type Named = readonly (readonly [name: string, schema: JsonSchema])[]

/**
 * The schemas that OpenAPI and AsyncAPI share, by name. Throws where two things would bear one name, which also
 * could not be told apart in events: two resources with the same singular.
 */
export function componentSchemas({ resources, services }: Manifest): Record<string, JsonSchema> {
  const schemas: Record<string, JsonSchema> = { Error: errorSchema, Success: successSchema }
  const named: Named = [
    ...resources.flatMap(resourceSchemas),
    ...[...resources, ...services].flatMap(({ path, methods }) =>
      methods.flatMap((method) => methodSchemas(path, method))
    )
  ]
  for (const [name, schema] of named) {
    if (name in schemas)
      throw new Error(`Two schemas of the documents would be called ${name}: rename one of its owners.`)
    schemas[name] = schema
  }
  const refer = referToRecords(resources)
  return Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, refer(schema)]))
}

/** Lets a schema refer to the records of resources that it shows. */
export function referToRecords(resources: readonly ManifestResource[]): (schema: JsonSchema) => JsonSchema {
  const names = new Map(resources.map(({ path, singular }) => [path, resourceSchemaNames(singular).record]))
  return (schema) =>
    completeRecords(schema, (path) => {
      const name = names.get(path)
      return name === undefined ? undefined : schemaRef(name)
    })
}

function resourceSchemas({ singular, description, schemas }: ManifestResource): Named {
  const names = resourceSchemaNames(singular)
  const records = { type: 'array', items: schemaRef(names.record) }
  const total = { anyOf: [{ type: 'integer' }, { type: 'null' }], description: 'Null with `$total=false`' }
  const count = { type: 'integer' }
  return [
    [names.record, { description, ...schemas.record }],
    [names.detail, schemas.detail],
    [names.create, schemas.create],
    [names.update, schemas.update],
    [names.patch, schemas.patch],
    [names.window, closedObject({ total, limit: count, skip: count, data: records })],
    [names.page, closedObject({ items: records, page: count, limit: count, total })]
  ]
}

function methodSchemas(path: string, { name, input, output }: ManifestMethod): Named {
  const names = methodSchemaNames(path, name)
  return [
    ...(input ? [[names.input, input] as const] : []),
    ...(output ? [[names.output, output] as const] : [])
  ]
}
