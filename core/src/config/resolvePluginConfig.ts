import type { Plugin } from '@signalbox/plugin'
import { pluginVariables } from './pluginVariables.ts'
import type { Environment } from './readVariables.ts'
import { resolveSection } from './resolveSection.ts'
import type { PlainObject, Schema } from './Schema.ts'
import { secretValues } from './secretValues.ts'
import { shortName } from './shortName.ts'

export interface PluginConfig {
  /** The options, complete and valid where there are no faults. */
  readonly values: PlainObject
  readonly secretValues: readonly string[]
  readonly faults: readonly string[]
}

/**
 * The options of one plugin: the defaults of its `config` schema, its `options`, then the environment
 * (`SIGNALBOX_<SHORT>_<FIELD>`, or the file named by `…_FILE`). The schema is closed. Throws nothing: each fault
 * names the plugin and the field, or the variable.
 */
export function resolvePluginConfig(plugin: Plugin, environment: Environment): PluginConfig {
  const schema: Schema = plugin.config ?? { type: 'object', properties: {} }

  const { values, faults } = resolveSection({
    schema,
    variables: pluginVariables(plugin),
    environment,
    given: plugin.options,
    prefix: `${shortName(plugin.name)}: `
  })

  return { values, faults, secretValues: secretValues(schema, values) }
}
