import type { Plugin, PluginFactory } from '@signalbox/plugin'

/** The plugin that a package exports: what `definePlugin` made. */
export function findPlugin(exported: Readonly<Record<string, unknown>>, name: string): PluginFactory {
  const factories = [...new Set(Object.values(exported))].filter(isFactory)
  const [own = factories.length === 1 ? factories[0] : undefined] = factories.filter(
    (factory) => factory().name === name
  )
  if (own) return own
  throw new Error(
    `${name} exports ${factories.length || 'no'} plugins${factories.length ? ', none of this name' : ''}: ` +
      `export what definePlugin({ name: '${name}', … }) returns.`
  )
}

/** Imports the packages that a plugin requires, and those that they require, and finds the plugin in each. */
export async function importNeeds(
  plugin: Plugin,
  load: (name: string) => Promise<Readonly<Record<string, unknown>>>,
  found: Map<string, PluginFactory> = new Map()
): Promise<PluginFactory[]> {
  for (const name of Object.keys(plugin.requires ?? {})) {
    if (found.has(name)) continue
    const factory = findPlugin(await load(name), name)
    found.set(name, factory)
    await importNeeds(factory(), load, found)
  }
  return [...found.values()]
}

function isFactory(value: unknown): value is PluginFactory {
  return (
    typeof value === 'function' && (value as Partial<PluginFactory>).$type === 'signalbox/plugin-factory@1'
  )
}
