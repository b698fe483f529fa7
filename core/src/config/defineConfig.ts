import type { Static } from 'typebox'
import type { platformSchema } from './platformSchema.ts'

type Given<T> = T extends readonly unknown[]
  ? Readonly<T>
  : T extends object
    ? { readonly [K in keyof T]?: Given<T[K]> | undefined }
    : T

/** What a deployment may say of itself. All of it is optional; `undefined` is the same as absent. */
export type ConfigInput = Given<Static<typeof platformSchema>>

/**
 * Types the configuration of a deployment. It checks nothing: `loadConfig` does.
 *
 * @example
 * // signalbox.config.ts
 * export default defineConfig({ port: 8080, plugins: [recorder({ storage: '/srv/recordings' })] })
 */
export function defineConfig(input: ConfigInput): ConfigInput {
  return input
}
