import type { ErrorKind } from '@signalbox/plugin'
import type { JsonSchema } from './JsonSchema.ts'

/** What one platform offers, as data: the source of the generated client and of the other documents. */
export interface Manifest {
  readonly $type: 'signalbox/manifest@1'
  readonly name: string
  readonly version: string
  /** The version of the contract between host and plugins. */
  readonly contract: string
  readonly plugins: readonly ManifestPlugin[]
  readonly resources: readonly ManifestResource[]
  readonly services: readonly ManifestService[]
  readonly commands: readonly ManifestCommand[]
  readonly errors: Readonly<Record<ErrorKind, ManifestError>>
  /** 32 hexadecimal digits over all the rest; the same wherever the same things are offered. */
  readonly hash: string
}

export interface ManifestPlugin {
  readonly name: string
  readonly version: string
  /** The short name, which prefixes its settings and variables, and names its part of the generated client. */
  readonly short: string
}

export interface ManifestService {
  readonly path: string
  readonly plugin: string
  readonly description: string
  readonly methods: readonly ManifestMethod[]
  /** Named events, beside those that every resource has. */
  readonly events: readonly ManifestEvent[]
  /** The permission keys that the service brings. */
  readonly permissions: readonly string[]
}

export interface ManifestResource extends ManifestService {
  /** Names the change event: `camera` → `camera-changed`. */
  readonly singular: string
  readonly schemas: ManifestSchemas
  /** Write-only fields: in `create`, `update` and `patch`, never in a record. */
  readonly secrets: readonly string[]
  /** Only those who may read a record hear of its changes. */
  readonly scoped: boolean
  /** Whether lists take `search`. */
  readonly searchable: boolean
  /** The order of a list that asks for none; empty where that is the id’s alone. */
  readonly defaultSort: Readonly<Record<string, 1 | -1>>
}

export interface ManifestSchemas {
  /** A record as it is listed. */
  readonly record: JsonSchema
  /** A record as `get` answers it. */
  readonly detail: JsonSchema
  readonly create: JsonSchema
  /** The body of a replacement: that of a create and, to be safe, the `version` that it replaces. */
  readonly update: JsonSchema
  readonly patch: JsonSchema
}

export interface ManifestMethod {
  readonly name: string
  readonly description: string
  readonly on: 'record' | 'collection'
  readonly http: 'GET' | 'POST' | 'PATCH'
  /** Below the API's root, with `:id` for the record. */
  readonly path: string
  /** A permission key, `public` or `signed-in`. */
  readonly permission: string
  /** Null where the method takes nothing. */
  readonly input: JsonSchema | null
  /** Null where the method answers `{ success: true }`. */
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
  /** The event that answers; a failure is answered by the event `error`. */
  readonly reply: string
  readonly input: JsonSchema
  readonly output: JsonSchema
  /** Null where it opens none. */
  readonly room: ManifestRoom | null
}

/** The room that a command lets a socket into; the command’s input says which one. */
export interface ManifestRoom {
  /** The path of the resource or service whose client opens it. */
  readonly service: string
  /** The name of the client’s method. */
  readonly method: string
  /** The command that leaves it, with the same input. */
  readonly leave: string
  /** The events that are told there. */
  readonly events: readonly string[]
  /** The field of their payloads that equals the input. */
  readonly key: string
}

export interface ManifestError {
  readonly status: number
  readonly name: string
  readonly className: string
}
