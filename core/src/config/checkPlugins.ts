import type { Plugin } from '@signalbox/plugin'
import { shortName } from './shortName.ts'

export interface CheckedPlugins {
  /** Those that are plugins, each short name once. */
  readonly plugins: readonly Plugin[]
  readonly faults: readonly string[]
}

function isPlugin(entry: any): entry is Plugin {
  return entry?.$type === 'signalbox/plugin@1' && typeof entry.name === 'string'
}

function describeStranger(entry: unknown, index: number): string {
  const hint = typeof entry === 'function' ? '; a plugin is called with its options: weather({ … })' : ''

  return `plugins[${index}] is not a plugin${hint}`
}

/** Sorts the plugins of a configuration from what is none, and names those that would share a short name. */
export function checkPlugins(entries: unknown): CheckedPlugins {
  if (!Array.isArray(entries)) return { plugins: [], faults: [] }

  const plugins = new Map<string, Plugin>()
  const faults: string[] = []

  for (const [index, entry] of entries.entries()) {
    if (!isPlugin(entry)) {
      faults.push(describeStranger(entry, index))
      continue
    }

    const short = shortName(entry.name)
    const twin = plugins.get(short)

    if (twin === undefined) plugins.set(short, entry)
    else faults.push(`plugins ${twin.name} and ${entry.name} have the same short name, ${short}`)
  }

  return { plugins: [...plugins.values()], faults }
}
