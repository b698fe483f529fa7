import type { Static, TObject, TSchema } from 'typebox'
import type { Augmentation } from './augmentResource.ts'
import type { Caller } from './Caller.ts'
import type { DetailOf, Resource } from './defineResource.ts'
import type { Service } from './defineService.ts'
import type { MethodSpec } from './MethodSpec.ts'

/** One call of a named method, as its handler sees it: authorised and decoded. */
export interface Call<Data = unknown> {
  /** The record, for a method on a record: it exists and the caller may act on it. */
  readonly id: string
  readonly data: Data
  readonly caller: Caller
  /** Answers with another success status than 200. */
  readonly answer: { status?: number }
  readonly origin: Origin
  /** The access token the call came with. */
  readonly token?: string | undefined
}

/** Where a call came from. */
export interface Origin {
  readonly provider: 'rest' | 'socketio' | undefined
  readonly address?: string
  readonly userAgent?: string
}

type InputOf<M extends MethodSpec> = M extends { input: infer I extends TObject } ? Static<I> : {}
type OutputOf<M extends MethodSpec, D> = M extends { output: 'record' }
  ? D
  : M extends { output: infer O extends TSchema }
    ? Static<O>
    : void

/** A handler for each declared method. */
export type Handlers<R> =
  R extends Resource<any, any, any, any, any, any, infer M, any>
    ? HandlersOf<M, DetailOf<R>>
    : R extends Service<infer M, any>
      ? HandlersOf<M>
      : R extends Augmentation<infer M>
        ? HandlersOf<M>
        : never

type HandlersOf<M, D = unknown> = { [K in keyof M]: M[K] extends MethodSpec ? Handler<M[K], D> : never }

/** Handles a method; `D` is what it answers where that is the record. */
export type Handler<M extends MethodSpec, D = unknown> = (
  call: Call<InputOf<M>>
) => Promise<OutputOf<M, D>> | OutputOf<M, D>
