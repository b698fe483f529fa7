import { shortName } from '../config/shortName.ts'
import { verbs } from '../resources/verbs.ts'
import type { Route } from '../rest/routes.ts'
import { errorRefs } from './errorRefs.ts'
import { jsonContent } from './commonComponents.ts'
import type { ManifestMethod, ManifestResource } from './manifestShape.ts'
import { inputParameters, listParameters, type Parameter } from './queryParameters.ts'
import { methodSchemaNames, resourceSchemaNames, schemaRef } from './schemaNames.ts'
import type { StandardMethod } from './standardMethods.ts'

/** An operation of an OpenAPI document. */
export type Operation = Readonly<Record<string, unknown>>

/** The operation behind a route of a resource's standard methods. */
export function standardOperation(
  route: Route,
  resource: ManifestResource,
  { name, summary, body, answer }: StandardMethod
): Operation {
  const names = resourceSchemaNames(resource.singular)
  const changes = name === 'update' || name === 'patch' || name === 'remove'
  return {
    ...identify(route),
    summary: summary(resource),
    description:
      answer === 'list'
        ? `${resource.description}. A plain list, a window (\`$limit\`, \`$skip\`) or a numbered page (\`page\`, \`limit\`).`
        : resource.description,
    'x-permission': `${resource.path}:${verbs[name]}`,
    parameters: [
      ...pathParameters(route),
      ...(answer === 'list' ? listParameters(resource) : []),
      ...(changes ? [parameterRef('IfMatch')] : []),
      ...postParameters(route)
    ],
    ...(body && requestBody(names[body], { required: true })),
    responses: {
      ...(answer === 'list' ? listResponse(names) : recordResponse(route, names[answer])),
      ...errorRefs({ route, permission: verbs[name], hasInput: true })
    }
  }
}

/** The operation behind a route of a declared method. */
export function namedOperation(route: Route, method: ManifestMethod): Operation {
  const { permission, http, input, output, description } = method
  const names = methodSchemaNames(route.model.path, method.name)
  const inQuery = http === 'GET'
  const required = Boolean(input?.required?.length)
  return {
    ...identify(route),
    summary: description,
    'x-permission': permission,
    ...(permission === 'public' && { security: [] }),
    parameters: [
      ...pathParameters(route),
      ...(inQuery && input ? inputParameters(input) : []),
      ...postParameters(route)
    ],
    ...(!inQuery && input && requestBody(names.input, { required })),
    responses: {
      200: { description: 'Done', content: jsonContent(schemaRef(output ? names.output : 'Success')) },
      ...errorRefs({ route, permission, hasInput: input !== null })
    }
  }
}

function identify({ model, method }: Route): {
  readonly operationId: string
  readonly tags: readonly string[]
} {
  return { operationId: `${model.path.replaceAll('/', '.')}.${method}`, tags: [shortName(model.plugin)] }
}

function pathParameters({ path }: Route): Parameter[] {
  return path.includes('/:id') ? [parameterRef('Id')] : []
}

function postParameters({ verb }: Route): Parameter[] {
  return verb === 'POST' ? [parameterRef('IdempotencyKey')] : []
}

function requestBody(name: string, { required }: { readonly required: boolean }): object {
  return { requestBody: { required, content: jsonContent(schemaRef(name)) } }
}

function listResponse({ record, window, page }: ReturnType<typeof resourceSchemaNames>): object {
  const list = { type: 'array', items: schemaRef(record), maxItems: 1000 }
  return {
    200: {
      description:
        'The records, in the form that was asked for; with `$select`, records have only those fields',
      headers: { 'X-Total-Count': headerRef('TotalCount'), Link: headerRef('Link') },
      content: jsonContent({ oneOf: [list, schemaRef(window), schemaRef(page)] })
    }
  }
}

function recordResponse({ method }: Route, name: string): object {
  const created = method === 'create'
  return {
    [created ? 201 : 200]: {
      description: method === 'remove' ? 'The record as it was' : 'The record',
      headers: { ETag: headerRef('ETag'), ...(created && { Location: headerRef('Location') }) },
      content: jsonContent(schemaRef(name))
    }
  }
}

function parameterRef(name: string): Parameter {
  return { $ref: `#/components/parameters/${name}` }
}

function headerRef(name: string): { readonly $ref: string } {
  return { $ref: `#/components/headers/${name}` }
}
