import type { JsonSchema } from './JsonSchema.ts'

/** The format of the manifests that this package reads. */
export const manifestFormat = 'signalbox/manifest@1'

/** What a deployment says of itself, as much of it as a client is made from. */
export interface Manifest {
  readonly $type: typeof manifestFormat
  readonly name: string
  readonly version: string
  readonly plugins: readonly ManifestPlugin[]
  readonly resources: readonly ManifestResource[]
  readonly services: readonly ManifestService[]
  readonly commands: readonly ManifestCommand[]
  /** Of everything in it. */
  readonly hash: string
}

export interface ManifestPlugin {
  readonly name: string
  readonly version: string
  /** The last part of its npm name, which is told apart from every other’s. */
  readonly short: string
}

export interface ManifestService {
  readonly path: string
  readonly plugin: string
  readonly description: string
  readonly methods: readonly ManifestMethod[]
  readonly events: readonly ManifestEvent[]
}

export interface ManifestResource extends ManifestService {
  readonly singular: string
  /** The order of a list that asks for none. */
  readonly defaultSort: Readonly<Record<string, 1 | -1>>
  readonly schemas: Readonly<Record<'record' | 'detail' | 'create' | 'update' | 'patch', JsonSchema>>
}

export interface ManifestMethod {
  readonly name: string
  readonly description: string
  readonly on: 'record' | 'collection'
  readonly http: 'GET' | 'POST' | 'PATCH'
  /** Below the API’s root, with `:id` for the record. */
  readonly path: string
  readonly input: JsonSchema | null
  /** Null where it answers `{ success: true }`. */
  readonly output: JsonSchema | null
}

export interface ManifestEvent {
  readonly name: string
  readonly payload: JsonSchema
}

export interface ManifestCommand {
  readonly name: string
  readonly plugin: string
  readonly description: string
  readonly input: JsonSchema
  readonly output: JsonSchema
  readonly room: ManifestRoom | null
}

export interface ManifestRoom {
  /** The path of the service whose client opens it. */
  readonly service: string
  readonly method: string
  readonly leave: string
  readonly events: readonly string[]
  readonly key: string
}
