import type { Page, PageQuery, Query, Window } from './Query.ts'

/** What a call of a Feathers client takes beside its data. */
export interface FeathersParams<Q = Readonly<Record<string, unknown>>> {
  readonly query?: Q
  readonly headers?: Readonly<Record<string, string>>
}

/** A query of a Feathers client, which can also ask for some fields only. */
export type FeathersQuery<R> = Query<R> & { readonly $select?: readonly (keyof R)[] }

/** A part of a list is asked for by its size or its place. */
type FeathersWindow =
  | { readonly $limit: number; readonly $skip?: number; readonly $total?: boolean }
  | { readonly $skip: number; readonly $total?: boolean }

/** A resource as a stock Feathers client calls it; `signalbox generate` writes its `ServiceTypes` with it. */
export interface FeathersResource<R, D, C, U, P> {
  find(params: { readonly query: FeathersQuery<R> & PageQuery }): Promise<Page<R>>
  find(params: { readonly query: FeathersQuery<R> & FeathersWindow }): Promise<Window<R>>
  /** At most 1,000 records. */
  find(params?: FeathersParams<FeathersQuery<R>>): Promise<R[]>
  get(id: string, params?: FeathersParams): Promise<D>
  create(data: C, params?: FeathersParams): Promise<R>
  update(id: string, data: U, params?: FeathersParams): Promise<R>
  patch(id: string, data: P, params?: FeathersParams): Promise<R>
  remove(id: string, params?: FeathersParams): Promise<R>
}
