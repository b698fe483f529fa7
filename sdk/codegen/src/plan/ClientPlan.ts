import type { JsonSchema } from '../manifest/JsonSchema.ts'
import type { ManifestCommand, ManifestMethod, ManifestPlugin, ManifestRoom } from '../manifest/Manifest.ts'

/** A client before it is written: what its files hold, and what everything in them is called. */
export interface ClientPlan {
  readonly hash: string
  /** What it is a client of: `Signalbox 1.2.0`. */
  readonly title: string
  readonly parts: readonly PartPlan[]
}

/** What is written of one plugin, in a file of its own. */
export interface PartPlan {
  readonly plugin: ManifestPlugin
  /** The name of the constant with its table. */
  readonly constant: string
  readonly servicesType: string
  /** Undefined where the plugin has no commands. */
  readonly commandsType: string | undefined
  readonly services: readonly ServicePlan[]
  readonly commands: readonly ManifestCommand[]
}

export interface ServicePlan {
  readonly path: string
  readonly description: string
  /** What the client calls it: `apiKeys`. */
  readonly name: string
  /** The interface of its methods. */
  readonly type: string
  /** Undefined where it is no resource. */
  readonly resource: ResourcePlan | undefined
  readonly methods: readonly MethodPlan[]
  readonly events: readonly EventPlan[]
  /** The interface of its events; undefined where it has none. */
  readonly eventsType: string | undefined
  readonly rooms: readonly RoomPlan[]
  /** What is declared for its methods and events. */
  readonly declarations: readonly Declaration[]
}

/** The types of a resource; `detail` is `record` where `get` answers nothing more. */
export interface ResourcePlan {
  readonly singular: string
  readonly defaultSort: Readonly<Record<string, 1 | -1>>
  readonly record: string
  readonly detail: string
  readonly create: string
  readonly update: string
  readonly patch: string
}

/** An interface that is written out. */
export interface Declaration {
  readonly name: string
  readonly description: string | undefined
  readonly schema: JsonSchema
  /** The interface whose fields it has too; `schema` has only the others. */
  readonly base?: string | undefined
  /** Whether it is what a caller sends. */
  readonly isSent: boolean
}

export interface MethodPlan {
  readonly method: ManifestMethod
  readonly input: TypeUse | undefined
  /** Whether it can be called without its input. */
  readonly isInputOptional: boolean
  readonly output: TypeUse
}

export interface EventPlan {
  readonly name: string
  readonly payload: TypeUse
}

export interface RoomPlan extends ManifestRoom {
  readonly description: string
  /** The command that joins it. */
  readonly join: string
}

/** A type by the name of an interface, with `[]` behind it where `isList`, or written out from its schema. */
export type TypeUse =
  | { readonly name: string; readonly isList: boolean }
  | { readonly schema: JsonSchema; readonly isSent: boolean }
