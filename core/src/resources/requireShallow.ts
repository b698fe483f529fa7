import { PlatformError } from '@signalbox/plugin'

const mostLevels = 64

/**
 * Refuses what is nested deeper than 64 levels: what looks into it calls itself for each level, and would run out of
 * stack at some thousand. This does not call itself.
 */
export function requireShallow(value: unknown): void {
  let level = containers([value])
  for (let depth = 1; level.length > 0; depth++) {
    if (depth > mostLevels) {
      throw new PlatformError('invalid', `What was sent is nested deeper than ${mostLevels} levels.`)
    }
    level = containers(level.flatMap((container) => Object.values(container)))
  }
}

function containers(values: readonly unknown[]): object[] {
  return values.filter((value): value is object => typeof value === 'object' && value !== null)
}
