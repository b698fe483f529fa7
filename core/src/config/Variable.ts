import type { Schema } from './Schema.ts'

/** An environment variable, and the dotted path into a configuration that it sets. */
export interface Variable {
  readonly name: string
  readonly path: string
  readonly schema: Schema
}
