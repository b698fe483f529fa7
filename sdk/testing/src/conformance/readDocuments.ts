import type { OpenPlatform } from '../platform/OpenPlatform.ts'
import type { Schema } from './sampleOf.ts'

/** An operation of the OpenAPI document, as far as it is looked at. */
export interface Operation {
  readonly verb: string
  /** With `{id}`, below the platform’s own path. */
  readonly path: string
  readonly operationId: string
  readonly summary?: string
  readonly tags: readonly string[]
  readonly security?: readonly unknown[]
  readonly responses: Readonly<Record<string, any>>
  readonly requestBody?: { readonly content: { readonly 'application/json': { readonly schema: Schema } } }
  readonly 'x-permission'?: string
}

/** What a platform says of itself. */
export interface Documents {
  readonly openapi: any
  readonly asyncapi: any
  readonly schemas: Readonly<Record<string, Schema>>
  /** All operations, those of other plugins too. */
  readonly operations: readonly Operation[]
}

export async function readDocuments({ admin }: OpenPlatform): Promise<Documents> {
  const { api } = await admin()
  const [openapi, asyncapi] = await Promise.all(
    ['/openapi.json', '/asyncapi.json'].map(async (path) => (await api('GET', path)).body)
  )
  const operations = Object.entries<Record<string, Operation>>(openapi.paths).flatMap(([path, verbs]) =>
    Object.entries(verbs).map(([verb, operation]) => ({ ...operation, verb: verb.toUpperCase(), path }))
  )
  return { openapi, asyncapi, schemas: openapi.components.schemas, operations }
}

/** The operation with this id. */
export function operationOf({ operations }: Documents, id: string): Operation {
  const found = operations.find(({ operationId }) => operationId === id)
  if (!found) throw new Error(`The OpenAPI document has no operation ${id}.`)
  return found
}
