import type { Plugin } from '@signalbox/plugin'
import { coreVariables } from './coreVariables.ts'
import { describeType } from './describeType.ts'
import { leaves } from './leaves.ts'
import { platformSchema } from './platformSchema.ts'
import { pluginVariables } from './pluginVariables.ts'
import type { Schema } from './Schema.ts'
import { shortName } from './shortName.ts'

export interface ConfigReferenceRow {
  /** The environment variable; `undefined` where only the file can set it. `<variable>_FILE` reads it from a file. */
  readonly variable: string | undefined
  /** The dotted path; the short name of the plugin comes first where it is a plugin's. */
  readonly path: string
  readonly type: string
  /** The default, or a sentence where only the running machine knows it; `undefined` where there is none. */
  readonly default: unknown
  readonly description: string
}

function toRow(variable: string | undefined, path: string, schema: Schema): ConfigReferenceRow {
  return {
    variable,
    path,
    type: describeType(schema).replace(/^an? /, ''),
    default: schema.default ?? schema.defaultText,
    description: schema.description ?? ''
  }
}

/** Every option of the host and of these plugins, in the order of their schemas. */
export function configReference(plugins: readonly Plugin[] = []): ConfigReferenceRow[] {
  const variables = new Map(coreVariables.map(({ path, name }) => [path, name]))

  return [
    ...leaves(platformSchema).map(({ path, schema }) => toRow(variables.get(path), path, schema)),
    ...plugins.flatMap((plugin) =>
      pluginVariables(plugin).map(({ name, path, schema }) =>
        toRow(name, `${shortName(plugin.name)}.${path}`, schema)
      )
    )
  ]
}
