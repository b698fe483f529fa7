import type { Static, TObject, TSchema } from 'typebox'
import type { CreateOf, DetailOf, PatchOf, RecordOf, Resource, ServerFieldsOf } from './defineResource.ts'
import type { Service } from './defineService.ts'
import type { MethodSpec } from './MethodSpec.ts'

type Operators<T> = {
  readonly $in?: readonly T[]
  readonly $nin?: readonly T[]
  readonly $ne?: T
  readonly $gt?: T
  readonly $gte?: T
  readonly $lt?: T
  readonly $lte?: T
}

type Filters<T> = { readonly [K in keyof T]?: T[K] | Operators<T[K]> }

/** A Feathers query over a record. */
export type Query<T> = Filters<T> & {
  readonly $or?: readonly Filters<T>[]
  readonly $and?: readonly Filters<T>[]
  readonly $limit?: number
  readonly $skip?: number
  readonly $sort?: { readonly [K in keyof T]?: 1 | -1 }
  readonly $select?: readonly (keyof T)[]
}

type Input<M extends MethodSpec> = M extends { input: infer I extends TObject } ? Static<I> : undefined
type Output<M extends MethodSpec, D> = M extends { output: 'record' }
  ? D
  : M extends { output: infer O extends TSchema }
    ? Static<O>
    : void

type Arguments<M extends MethodSpec> =
  Input<M> extends undefined ? [] : {} extends Input<M> ? [data?: Input<M>] : [data: Input<M>]

/** The named methods of a resource or service, as they are called in code. */
export type MethodsOf<R> =
  R extends Resource<any, any, any, any, any, any, infer M, any>
    ? { [K in keyof M]: M[K] extends MethodSpec ? MethodCall<M[K], DetailOf<R>> : never }
    : R extends Service<infer M, any>
      ? { [K in keyof M]: M[K] extends MethodSpec ? MethodCall<M[K]> : never }
      : never

type MethodCall<M extends MethodSpec, D = unknown> = M['on'] extends 'record'
  ? (id: string, ...args: Arguments<M>) => Promise<Output<M, D>>
  : (...args: Arguments<M>) => Promise<Output<M, D>>

export type EventsOf<R> =
  R extends Resource<any, any, any, any, any, any, any, infer E>
    ? { [K in keyof E]: E[K] extends TSchema ? Static<E[K]> : never }
    : R extends Service<any, infer E>
      ? { [K in keyof E]: E[K] extends TSchema ? Static<E[K]> : never }
      : never

/** A resource as code calls it: typed by the imported value. */
export type ServiceOf<R> = R extends Resource
  ? {
      /** All records that match, unless `$limit` says fewer. */
      find(query?: Query<RecordOf<R>>): Promise<RecordOf<R>[]>
      count(query?: Query<RecordOf<R>>): Promise<number>
      get(id: string): Promise<DetailOf<R>>
      create(data: CreateOf<R> & ServerFieldsOf<R>): Promise<RecordOf<R>>
      update(id: string, data: CreateOf<R> & ServerFieldsOf<R>): Promise<RecordOf<R>>
      patch(id: string, data: PatchOf<R> & ServerFieldsOf<R>): Promise<RecordOf<R>>
      remove(id: string): Promise<RecordOf<R>>
      /** Hears committed changes and named events; returns the way to stop hearing. */
      on<K extends 'created' | 'updated' | 'patched' | 'removed'>(
        event: K,
        listener: (record: RecordOf<R>) => void
      ): () => void
      on<K extends keyof EventsOf<R>>(event: K, listener: (payload: EventsOf<R>[K]) => void): () => void
    } & MethodsOf<R>
  : MethodsOf<R>
