import type { Plugin } from '@signalbox/plugin'
import { didYouMean } from './didYouMean.ts'
import type { Section } from './resolveSection.ts'
import { shortName } from './shortName.ts'

/** The faults of `only`: names that none of the plugins has. Short names and npm names both serve. */
export function checkOnly({ values, nameOf }: Section, plugins: readonly Plugin[]): string[] {
  if (!Array.isArray(values.only)) return []

  const known = plugins.map(({ name }) => shortName(name))
  const names = values.only.filter((name): name is string => typeof name === 'string')

  return names
    .filter((name) => !known.includes(shortName(name)))
    .map(
      (name) => `${nameOf('only')} names ${name}, which is not among the plugins${didYouMean(name, known)}`
    )
}
