import type { TObject, TSchema } from 'typebox'

/**
 * One named method of a resource, on a record (`POST /api/jobs/:id/start`) or on the collection
 * (`POST /api/cameras/discover`).
 */
export interface MethodSpec {
  /** One sentence for the documents. */
  readonly description: string
  readonly on: 'record' | 'collection'
  /** Default `POST`. A `GET` takes its input from the query. */
  readonly http?: 'GET' | 'POST' | 'PATCH'
  /** The last part of the path. Default: the method's name. An empty string is the collection itself. */
  readonly route?: string
  readonly input?: TObject
  /** What it answers; `record` is the record as `get` answers it. Default: `{ success: true }`. */
  readonly output?: TSchema | 'record'
  /** A permission key. Default `<path>:<method>`. `public` asks for nothing, `signed-in` for any user. */
  readonly permission?: string
  /**
   * Whether the call runs in one unit of work. Default false: a method that talks to a process or a peer
   * writes through services, each write a unit of its own.
   */
  readonly unitOfWork?: boolean
}

export type MethodSpecs = Readonly<Record<string, MethodSpec>>
