import { spanAt } from './offsets.ts'

const eastmost = 15 * 3_600_000

/**
 * What a clock on a site's wall shows, as the epoch milliseconds at which a clock in UTC shows the same:
 * 08:00 on 1 May is `Date.UTC(2026, 4, 1, 8)` in Paris and in Tokyo.
 */
export type WallTime = number

/** What the clock shows at `instant`. */
export function wallAt(timeZone: string, instant: number): WallTime {
  return instant + spanAt(timeZone, instant).offset
}

/**
 * The latest time that the clock has shown by `instant`. It is what the clock shows, but for the doubled hour of
 * autumn: all through the second pass the clock has already reached the end of the hour.
 */
export function reachedAt(timeZone: string, instant: number): WallTime {
  const span = spanAt(timeZone, instant)
  const before = spanAt(timeZone, span.from - 1)
  return Math.max(instant + span.offset, span.from - 1 + before.offset)
}

/**
 * The first instant at which the clock has reached `wall`: in the doubled hour its first pass, in the skipped hour
 * the moment of the jump. Later wall times never have earlier instants.
 */
export function instantOf(timeZone: string, wall: WallTime): number {
  let span = spanAt(timeZone, wall - eastmost)
  while (span.until + span.offset <= wall) span = spanAt(timeZone, span.until)
  return Math.max(span.from, wall - span.offset)
}
