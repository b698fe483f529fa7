import type { TSchema } from 'typebox'

/** A value that an administrator changes while the platform runs. Its key is `<plugin>.<name>`. */
export interface Setting<T extends TSchema = TSchema> {
  readonly description: string
  /** Must carry a `default`. */
  readonly schema: T
}

export type Settings = Readonly<Record<string, Setting>>
