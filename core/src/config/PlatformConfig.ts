import type { Static } from 'typebox'
import type { platformSchema } from './platformSchema.ts'

/** The configuration of a running deployment: validated, with every default in its place and absolute paths. */
export interface PlatformConfig extends Readonly<Static<typeof platformSchema>> {
  /** The options of each plugin by its short name, laid over their defaults and under the environment. */
  readonly pluginConfig: Readonly<Record<string, Readonly<Record<string, unknown>>>>
  /** What a log line must never contain: the value of every secret above, and the passwords in secret URLs. */
  readonly secretValues: readonly string[]
  /** What is odd but harmless, one sentence each, for the log of the start. */
  readonly warnings: readonly string[]
}
