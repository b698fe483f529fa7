import type { Plugin } from '@signalbox/plugin'
import { coreVariables } from './coreVariables.ts'
import { didYouMean } from './didYouMean.ts'
import { pluginVariables } from './pluginVariables.ts'
import type { Environment } from './readVariables.ts'
import { shortName } from './shortName.ts'
import { variableName } from './variableName.ts'

export interface CheckedVariables {
  readonly faults: readonly string[]
  readonly warnings: readonly string[]
}

/** Kubernetes announces a service called `signalbox-…` by variables of these forms, which nobody mistyped. */
function isServiceLink(name: string, value: string): boolean {
  return (
    /_SERVICE_(HOST|PORT(_\w+)?)$|_PORT_\d+_(TCP|UDP|SCTP)/.test(name) || /^(tcp|udp|sctp):\/\//.test(value)
  )
}

/** Each variable that is declared, with who declares it for what; and those that two declare. */
function declareVariables(plugins: readonly Plugin[]) {
  const declared = new Map(coreVariables.map(({ name, path }) => [name, `core: ${path}`]))
  const clashes: string[] = []

  for (const plugin of plugins) {
    for (const { name, path } of pluginVariables(plugin)) {
      const owner = `${shortName(plugin.name)}: ${path}`
      const other = declared.get(name)

      if (other === undefined) declared.set(name, owner)
      else clashes.push(`${owner} has the variable ${name}, which ${other} has already`)
    }
  }

  return { names: [...declared.keys()].flatMap((name) => [name, `${name}_FILE`]), clashes }
}

/**
 * What is wrong with the names of variables: two options with one name, and a `SIGNALBOX_…` that sets nothing. The
 * latter is a fault under the prefix of a plugin, and else a warning: it may belong to a plugin that is not here.
 */
export function checkVariables(plugins: readonly Plugin[], env: Environment['env']): CheckedVariables {
  const { names, clashes } = declareVariables(plugins)
  const known = new Set(names)
  const faults = [...clashes]
  const warnings: string[] = []

  for (const [name, value] of Object.entries(env)) {
    if (!name.startsWith('SIGNALBOX_') || !value || known.has(name) || isServiceLink(name, value)) continue

    const owner = plugins
      .map((plugin) => shortName(plugin.name))
      .find((short) => name.startsWith(`${variableName([short])}_`))

    if (owner === undefined) warnings.push(`${name} sets nothing${didYouMean(name, known)}`)
    else faults.push(`${name} is not an option of ${owner}${didYouMean(name, known)}`)
  }

  return { faults, warnings }
}
