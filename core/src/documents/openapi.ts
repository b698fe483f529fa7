import { shortName } from '../config/shortName.ts'
import { routesOf, type Route } from '../rest/routes.ts'
import { byText } from './byText.ts'
import { errorResponses, headers, parameters, securitySchemes } from './commonComponents.ts'
import { componentSchemas } from './componentSchemas.ts'
import type { DocumentsInput } from './DocumentsInput.ts'
import { resourceEvents } from './eventExchanges.ts'
import { createManifest } from './manifest.ts'
import type { Manifest } from './manifestShape.ts'
import { namedOperation, standardOperation, type Operation } from './operation.ts'
import { standardMethods } from './standardMethods.ts'

const description = `Bodies are JSON and closed: a field that is not declared is refused. Names may also be sent in
snake_case. Times are ISO 8601 in UTC. A declared field without a value is \`null\`.

Filters of a list are its fields (\`enabled=true\`), with operators where equality is not meant:
\`altitude[$gte]=100\`, \`$gt\`, \`$lte\`, \`$lt\`, \`$ne\`, and with lists \`status[$in][]=active\`, \`$nin\`. \`$or\` and \`$and\` take lists of conditions: \`$or[0][name]=a&$or[1][name]=b\`.`

/** An OpenAPI document. */
export type OpenApi = Readonly<Record<string, unknown>> & {
  readonly paths: Readonly<Record<string, PathItem>>
}

type PathItem = Readonly<Record<string, unknown>>

/** The REST door as an OpenAPI 3.1 document: one operation for each route that it serves. */
export function createOpenApi(input: DocumentsInput): OpenApi {
  const manifest = createManifest(input)
  const routes = routesOf(input.models.toSorted(byText(({ path }) => path)))
  return {
    openapi: '3.1.1',
    info: { title: input.name, version: input.version, description },
    servers: [{ url: '/' }],
    security: [{ bearer: [] }],
    tags: [...new Set(routes.map(({ model }) => shortName(model.plugin)))].sort().map((name) => ({ name })),
    paths: pathsOf(routes, manifest, `${input.basePath}/api`),
    components: {
      schemas: componentSchemas(manifest),
      responses: errorResponses,
      headers,
      parameters,
      securitySchemes
    }
  }
}

function pathsOf(routes: readonly Route[], manifest: Manifest, root: string): Record<string, PathItem> {
  const events = new Map(
    manifest.resources.map((resource) => [`/${resource.path}`, resourceEvents(resource, manifest.commands)])
  )
  const paths: Record<string, PathItem> = {}
  for (const route of routes) {
    const path = root + route.path.replace('/:id', '/{id}')
    const names = events.get(route.path)?.map(({ address }) => address)
    const item = paths[path] ?? (names ? { 'x-events': names } : {})
    paths[path] = { ...item, [route.verb.toLowerCase()]: operationOf(route, manifest) }
  }
  return paths
}

function operationOf(route: Route, { resources, services }: Manifest): Operation {
  const { model, method, named } = route
  const resource = resources.find(({ path }) => path === model.path)
  const standard = standardMethods.find(({ name }) => name === method)
  if (resource && standard && !named) return standardOperation(route, resource, standard)
  const owner = resource ?? services.find(({ path }) => path === model.path)
  const declared = owner?.methods.find(({ name }) => name === method)
  if (!declared) throw new Error(`The manifest does not know ${model.path}.${method}.`)
  return namedOperation(route, declared)
}
