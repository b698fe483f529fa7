import type { Live } from './live/Live.ts'
import type { Page, PageQuery, Query, Window, WindowQuery } from './Query.ts'

export interface CallOptions {
  /** Ends the call; it rejects with the signal’s reason. */
  readonly signal?: AbortSignal
  /** The longest that the call may take, in milliseconds, tries and refreshes included. Default: the client’s. */
  readonly timeoutMs?: number
}

export interface CreateOptions extends CallOptions {
  /** Makes a repeated create the same create; made up for each call without it. */
  readonly idempotencyKey?: string
}

export interface WriteOptions extends CallOptions {
  /** Refuses the write with `conflict` where the record is no longer at this version. */
  readonly version?: number
}

/** What happened to a record. */
export interface Changed<R> {
  readonly id: string
  /** Nothing but the id comes to those who may not read the record. */
  readonly action?: 'created' | 'updated' | 'patched' | 'removed'
  /** Its number in the feed. */
  readonly seq?: number
  readonly at?: string
  readonly version?: number
  /** Absent where it is gone, or gone out of reach. */
  readonly record?: R
}

/** The events of every resource, by the names that Feathers gives them. */
export interface RecordEvents<R> {
  readonly created: R
  readonly updated: R
  readonly patched: R
  /** Of a record that went out of reach nothing but the id is told. */
  readonly removed: Partial<R> & { readonly id: string }
}

/** Hears events. */
export interface EventSource<E> {
  /** Hears an event from now on, through reconnects; returns the way to stop. Connects where that was not done. */
  on<K extends keyof E & string>(event: K, listener: (payload: E[K]) => void): () => void
  /** The same as an iterator; it ends with the signal, with `break`, or when the client is closed. */
  events<K extends keyof E & string>(
    event: K,
    options?: { readonly signal?: AbortSignal }
  ): AsyncIterableIterator<E[K]>
}

/**
 * A resource: its record as listed, as `get` answers it, and what its methods take. Each call rejects with a
 * `SignalboxError`.
 */
export interface ResourceClient<R, D, C, U, P, E = {}> extends EventSource<E & RecordEvents<R>> {
  /** At most 1,000 records; `all` has the rest. */
  find(query?: Query<R>, options?: CallOptions): Promise<R[]>
  find(query: Query<R> & PageQuery, options?: CallOptions): Promise<Page<R>>
  find(query: Query<R> & WindowQuery, options?: CallOptions): Promise<Window<R>>
  /** Every record that matches, read part by part while it is iterated. */
  all(query?: Query<R>, options?: CallOptions): AsyncIterableIterator<R>
  get(id: string, options?: CallOptions): Promise<D>
  create(data: C, options?: CreateOptions): Promise<R>
  update(id: string, data: U, options?: WriteOptions): Promise<R>
  patch(id: string, data: P, options?: WriteOptions): Promise<R>
  remove(id: string, options?: WriteOptions): Promise<R>
  /** A list that stays what `find` would answer, until it is closed. */
  live(query?: Query<R> & { readonly $limit?: number; readonly $skip?: number }): Live<R>
}

/** A room that was joined: it is joined again after each reconnect, and left by `close`. */
export interface Room<E> extends EventSource<E> {
  /** Resolves when it was joined the first time; rejects where that is refused. */
  readonly ready: Promise<void>
  close(): void
}
