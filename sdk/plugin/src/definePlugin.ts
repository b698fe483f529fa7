import type { Static, TObject, TProperties } from 'typebox'
import type { Augmentation } from './augmentResource.ts'
import type { Command } from './defineCommand.ts'
import type { Context, RegisterContext } from './Context.ts'
import type { Resource } from './defineResource.ts'
import type { Service } from './defineService.ts'
import type { Migration } from './Migration.ts'
import type { Settings } from './Setting.ts'

/** The version of this contract. A plugin's `platform` range is checked against it. */
export const contractVersion = '1.0.0'

export interface PluginSpec<P extends TProperties = TProperties, Started = unknown> {
  /** The npm name. The short name, its last part, prefixes settings, environment variables and tables. */
  readonly name: string
  readonly version: string
  /** A semver range on `contractVersion`. */
  readonly platform: string
  /** Plugins that must be there, in range, and started first: npm name → semver range. */
  readonly requires?: Readonly<Record<string, string>>
  /** Plugins that start first where they are there. */
  readonly after?: readonly string[]
  /** Whether its failure stops the platform. Default false: it is said in `/api/status` and tried again. */
  readonly essential?: boolean
  /**
   * TypeBox schema of the configuration, each field with a default or optional. `secret: true` on a field keeps
   * its value out of logs and answers. `SIGNALBOX_<PLUGIN>_<FIELD>` overrides, `…_FILE` reads it from a file.
   */
  readonly config?: TObject<P>
  readonly settings?: Settings
  readonly resources?: readonly Resource[]
  readonly services?: readonly Service[]
  readonly augmentations?: readonly Augmentation[]
  readonly commands?: readonly Command[]
  readonly migrations?: readonly Migration[]
  /** Brings the plugin up. What it resolves to, handlers find as `ctx.started`. */
  start?(ctx: Context<Static<TObject<P>>>): Promise<Started>
  register?(ctx: RegisterContext<Static<TObject<P>>, Started>): void
}

/** A plugin: inert data, `register` and `start`. Teardown is what `start` deferred. */
export interface Plugin<P extends TProperties = any, Started = any> extends PluginSpec<P, Started> {
  readonly $type: 'signalbox/plugin@1'
  /** The deployment's values, laid over the defaults and under the environment. */
  readonly options: Readonly<Record<string, unknown>>
}

/** What a plugin’s package exports: called with the deployment’s options, it gives the plugin. */
export interface PluginFactory<P extends TProperties = any, Started = any> {
  (options?: Partial<Static<TObject<P>>>): Plugin<P, Started>
  readonly $type: 'signalbox/plugin-factory@1'
}

/**
 * Declares a plugin; the result is called with the deployment's options.
 *
 * @example
 * export const weather = definePlugin({ name: '@acme/weather', version: '1.0.0', platform: '^1.0.0' })
 * // signalbox.config.ts
 * export default defineConfig({ plugins: [weather({ station: 'Roof' })] })
 */
export function definePlugin<P extends TProperties = {}, Started = void>(
  spec: PluginSpec<P, Started>
): PluginFactory<P, Started> {
  const make = (options: Partial<Static<TObject<P>>> = {}): Plugin<P, Started> => ({
    $type: 'signalbox/plugin@1',
    ...spec,
    options
  })
  return Object.assign(make, { $type: 'signalbox/plugin-factory@1' as const })
}
