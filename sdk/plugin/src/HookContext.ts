import type { Caller } from './Caller.ts'

/** What a hook around a method of a resource sees. The same object as the Feathers hook context. */
export interface HookContext {
  readonly path: string
  readonly method: string
  readonly id?: string
  /** Decoded input; a hook may change it before `next()`. */
  data: any
  /** The answer; a hook may change it after `next()`. */
  result?: any
  readonly params: {
    readonly caller: Caller
    /** Undefined for a call in code. */
    readonly provider?: string | undefined
    readonly query: Readonly<Record<string, unknown>>
    /**
     * A hook may set declared fields that the answer of this call shows and that are kept nowhere: a new key. A
     * repetition with the same `Idempotency-Key` does not show them again.
     */
    shownOnce?: Readonly<Record<string, unknown>>
  }
}

/** A Feathers around hook. It runs inside the unit of work of a mutation, after authorisation and decoding. */
export type Around = (context: HookContext, next: () => Promise<void>) => Promise<void>

/** Hooks by method; `all` runs around every one. */
export type Hooks = Readonly<Record<string, readonly Around[]>>

/** What runs before the unit of work, by method. It may change `data`, or throw. */
export type Preparations = Readonly<Record<string, (context: HookContext) => Promise<void>>>
