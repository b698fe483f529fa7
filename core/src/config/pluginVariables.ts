import type { Plugin } from '@signalbox/plugin'
import { leaves } from './leaves.ts'
import { shortName } from './shortName.ts'
import type { Variable } from './Variable.ts'
import { variableName } from './variableName.ts'

/** The environment variables of a plugin: one for each field of its `config`, nested names joined by `_`. */
export function pluginVariables({ name, config }: Plugin): Variable[] {
  const fields = config === undefined ? [] : leaves(config)

  return fields.map((field) => ({
    ...field,
    name: variableName([shortName(name), ...field.path.split('.')])
  }))
}
