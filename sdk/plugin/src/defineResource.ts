import { Type, type Static, type TObject, type TProperties, type TSchema } from 'typebox'
import type { MethodSpecs } from './MethodSpec.ts'
import type { DefaultedKeys } from './withDefault.ts'

export type Verb = 'read' | 'create' | 'update' | 'remove'

/** Fields that every record carries beside its own; set by the server, ignored in bodies. */
export const baseFields = {
  id: Type.String({ description: 'UUIDv7 unless the resource says otherwise' }),
  version: Type.Integer({
    description: 'Grows by one with each change; send it back, or `If-Match`, to be safe'
  }),
  createdAt: Type.String({ format: 'date-time' }),
  updatedAt: Type.String({ format: 'date-time' })
}

/** What a role that ships with the platform may do, by verb or method name. */
export interface DefaultGrants {
  readonly operator?: readonly string[]
  readonly viewer?: readonly string[]
  /** Granted to everybody signed in, but only on records that are their own (`scopes.own`). */
  readonly owner?: readonly string[]
}

/** Where a record stands for the evaluator. */
export type ResourceScopes = OwnScopes | InheritedScopes

/** The fields that say whose a record is, by user id, and in which node of the scope tree it stands. */
export interface OwnScopes {
  readonly own?: string
  readonly node?: string
}

/** A record that stands where another does. */
export interface InheritedScopes {
  /** The field that holds the other record's id. */
  readonly via: string
  /** The path of the other's resource. */
  readonly parent: string
}

/**
 * A child's records stand where their parent's do, and move with them.
 *
 * @example
 * scopes: via('cameraId', cameras)
 */
export function via(field: string, parent: { readonly path: string }): InheritedScopes {
  return { via: field, parent: parent.path }
}

export interface ResourceSpec<
  S extends TObject = TObject,
  C extends TObject = TObject,
  P extends TObject = TObject,
  Secret extends string = string,
  ReadOnly extends string = string,
  D extends TProperties = TProperties,
  M extends MethodSpecs = MethodSpecs,
  E extends Readonly<Record<string, TSchema>> = Readonly<Record<string, TSchema>>
> {
  /** The path under `/api` and the Feathers service name. */
  readonly path: string
  /** Names the change event: `camera` → `camera-changed`. */
  readonly singular: string
  readonly description: string
  /** The fields of a record beside the base fields. Optional ones are `null` on the wire when without a value. */
  readonly schema: S
  /** The body of a create. Default: the schema without its read-only fields. */
  readonly create?: C
  /** The body of a patch. Default: every field of the create, each optional. */
  readonly patch?: P
  /** Write-only fields, encrypted at rest, never in an answer, an event or a log. */
  readonly secrets?: readonly Secret[]
  /** Fields that only the server sets. */
  readonly readOnly?: readonly ReadOnly[]
  /** Fields that `get` adds to the record: computed, not stored. */
  readonly detail?: D
  /** The table that holds the records: one snake_case column for each field, made by the plugin's migrations. */
  readonly table: string
  /** The order of a list that asks for none, and the column that pages run along. Default: by `id`. */
  readonly defaultSort?: Readonly<Record<string, 1 | -1>>
  /** Fields `search` looks into, case-insensitively. Without any, there is no `search`. */
  readonly search?: readonly string[]
  readonly methods?: M
  /** Named events beside `created`, `updated`, `patched`, `removed` and `<singular>-changed`. */
  readonly events?: E
  readonly scopes?: ResourceScopes
  /** Only those who may read a record hear of its changes at all. Default: everybody signed in hears `{ id }`. */
  readonly scoped?: boolean
  readonly grants?: DefaultGrants
}

/** A resource: one value that is the type, the schema, the routes, the events and the permission keys. */
export interface Resource<
  S extends TObject = any,
  C extends TObject = any,
  P extends TObject = any,
  Secret extends string = any,
  ReadOnly extends string = any,
  D extends TProperties = any,
  M extends MethodSpecs = any,
  E extends Readonly<Record<string, TSchema>> = any
> extends ResourceSpec<S, C, P, Secret, ReadOnly, D, M, E> {
  readonly $type: 'signalbox/resource@1'
}

/**
 * Declares a resource. The host derives from it the Feathers service, the REST routes, the socket calls and
 * events, the permission keys, the documents and the client.
 *
 * @example
 * export const stations = defineResource({
 *   path: 'stations',
 *   singular: 'station',
 *   description: 'Weather stations',
 *   table: 'weather_stations',
 *   schema: Type.Object({ name: Type.String(), altitude: Type.Optional(Type.Number()) })
 * })
 */
export function defineResource<
  S extends TObject,
  C extends TObject = TObject<{}>,
  P extends TObject = TObject<{}>,
  const Secret extends string = never,
  const ReadOnly extends string = never,
  D extends TProperties = {},
  const M extends MethodSpecs = {},
  const E extends Readonly<Record<string, TSchema>> = {}
>(spec: ResourceSpec<S, C, P, Secret, ReadOnly, D, M, E>): Resource<S, C, P, Secret, ReadOnly, D, M, E> {
  return { $type: 'signalbox/resource@1', ...spec }
}

/** The keys of an object type that may be absent. */
type OptionalKeys<T> = { [K in keyof T]-?: {} extends Pick<T, K> ? K : never }[keyof T]

type Whole<T, Hidden> = { [K in Exclude<keyof T, OptionalKeys<T> | Hidden>]: T[K] } & {
  [K in Exclude<OptionalKeys<T>, Hidden>]: Exclude<T[K], undefined> | null
}

type Loose<T> = { [K in keyof T]?: T[K] | null }

/** What a caller may send: for an optional field its value, or `null` for none; for one with a default, nothing. */
type Sendable<T, D> = { [K in keyof T as K extends OptionalKeys<T> | D ? never : K]: T[K] } & {
  [K in OptionalKeys<T>]?: T[K] | null
} & { [K in keyof T as K extends D ? K : never]?: T[K] }

type DefaultsOf<S> = S extends TObject<infer P> ? DefaultedKeys<P> : never

export type BaseRecord = { id: string; version: number; createdAt: string; updatedAt: string }

/** A record as it is answered: every declared field, secrets left out. */
export type RecordOf<R> =
  R extends Resource<infer S, any, any, infer Secret, any, any, any, any>
    ? BaseRecord & Whole<Static<S>, Secret>
    : never

/** A record as `get` answers it, with its computed fields. */
export type DetailOf<R> =
  R extends Resource<any, any, any, any, any, infer D, any, any>
    ? RecordOf<R> & Whole<Static<TObject<D>>, never>
    : never

/** What `create` takes. */
export type CreateOf<R> =
  R extends Resource<infer S, infer C, any, any, infer ReadOnly, any, any, any>
    ? keyof Static<C> extends never
      ? Sendable<Omit<Static<S>, ReadOnly>, DefaultsOf<S>>
      : Sendable<Static<C>, DefaultsOf<C>>
    : never

/** The fields that only the server sets, as its own code may send them. */
export type ServerFieldsOf<R> =
  R extends Resource<infer S, any, any, any, infer ReadOnly, any, any, any>
    ? Loose<Pick<Static<S>, ReadOnly & keyof Static<S>>>
    : never

/** What `patch` takes. `version`, when sent, must be the record's current one. */
export type PatchOf<R> =
  R extends Resource<infer S, infer C, infer P, any, infer ReadOnly, any, any, any>
    ? (keyof Static<P> extends never
        ? keyof Static<C> extends never
          ? Loose<Omit<Static<S>, ReadOnly>>
          : Loose<Static<C>>
        : Loose<Static<P>>) & { version?: number }
    : never
