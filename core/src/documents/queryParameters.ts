import { filterSchemas } from './filterSchema.ts'
import type { JsonSchema } from './JsonSchema.ts'
import type { ManifestResource } from './manifestShape.ts'
import { windowSchemas } from './windowSchemas.ts'

/** A parameter of an OpenAPI operation. */
export type Parameter = Readonly<Record<string, unknown>>

const operators = ['$ne', '$in', '$nin', '$gt', '$gte', '$lt', '$lte']

/** The query of a list: one parameter for each field that can be filtered by, then those of the window. */
export function listParameters(resource: ManifestResource): Parameter[] {
  const filters = filterSchemas(resource.schemas.record.properties)
  const window = Object.entries(windowSchemas(resource)).filter(([name]) => !(name in filters))
  return [
    ...Object.entries(filters).map(([name, schema]) => filterParameter(name, schema)),
    ...window.map(([name, schema]) => queryParameter(name, schema))
  ]
}

/** The input of a method that is called with GET. */
export function inputParameters({ properties = {}, required = [] }: JsonSchema): Parameter[] {
  return Object.entries(properties).map(([name, schema]) => ({
    ...queryParameter(name, schema),
    ...(required.includes(name) && { required: true })
  }))
}

function filterParameter(name: string, { description, ...schema }: JsonSchema): Parameter {
  const said = description === undefined ? '' : `${description}. `
  return {
    name,
    in: 'query',
    description: `${said}Also with an operator: \`${name}[$ne]\``,
    schema,
    'x-operators': operators
  }
}

function queryParameter(name: string, { description, ...schema }: JsonSchema): Parameter {
  return {
    name,
    in: 'query',
    ...(description !== undefined && { description }),
    ...(schema.type === 'object' && { style: 'deepObject', explode: true }),
    schema
  }
}
