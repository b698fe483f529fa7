import { contractVersion, type Plugin } from '@signalbox/plugin'
import { satisfies } from 'semver'
import { shortName } from '../config/shortName.ts'

/**
 * Sorts plugins so that each comes after those it needs, whatever their place in the configuration. What does not
 * fit together is said in one sentence that names both sides.
 */
export function orderPlugins(plugins: readonly Plugin[]): Plugin[] {
  const byName = new Map<string, Plugin>()
  for (const plugin of plugins) {
    checkPlugin(plugin)
    const taken = byName.get(plugin.name)
    if (taken) throw new Error(`${plugin.name} is configured twice (${taken.version} and ${plugin.version}).`)
    byName.set(plugin.name, plugin)
  }
  checkShortNames(plugins)
  for (const plugin of plugins) checkRequirements(plugin, byName)

  const ordered: Plugin[] = []
  const done = new Set<string>()
  const visit = (plugin: Plugin, path: readonly string[]): void => {
    if (done.has(plugin.name)) return
    const start = path.indexOf(plugin.name)
    if (start >= 0)
      throw new Error(
        `Plugins wait for each other in a circle: ${[...path.slice(start), plugin.name].join(' → ')}.`
      )
    for (const name of dependencies(plugin)) {
      const before = byName.get(name)
      if (before) visit(before, [...path, plugin.name])
    }
    done.add(plugin.name)
    ordered.push(plugin)
  }
  for (const plugin of plugins) visit(plugin, [])
  return ordered
}

/** The plugins that this one waits for, hard and soft. */
export function dependencies({ requires = {}, after = [] }: Plugin): string[] {
  return [...Object.keys(requires), ...after]
}

function checkPlugin(plugin: Plugin): void {
  if (plugin?.$type !== 'signalbox/plugin@1') {
    throw new Error(
      'The configuration lists something that is not a plugin: did you forget to call it, as in `recorder()`?'
    )
  }
  if (!satisfies(contractVersion, plugin.platform)) {
    throw new Error(
      `${plugin.name} ${plugin.version} is made for the plugin contract ${plugin.platform}; this platform has ${contractVersion}.`
    )
  }
}

function checkShortNames(plugins: readonly Plugin[]): void {
  const names = new Map<string, string>()
  for (const { name } of plugins) {
    const short = shortName(name)
    const taken = names.get(short)
    if (taken) throw new Error(`${taken} and ${name} share the short name ${short}.`)
    names.set(short, name)
  }
}

function checkRequirements({ name, requires = {} }: Plugin, byName: ReadonlyMap<string, Plugin>): void {
  for (const [needed, range] of Object.entries(requires)) {
    const found = byName.get(needed)
    if (!found) throw new Error(`${name} needs ${needed} ${range}, which is not configured.`)
    if (!satisfies(found.version, range))
      throw new Error(`${name} needs ${needed} ${range}; ${found.version} is installed.`)
  }
}
