import type { CompiledCron } from './compileCron.ts'
import { lastMatch } from './lastMatch.ts'
import { spanAt } from './offsets.ts'
import { instantOf, reachedAt } from './wallClock.ts'
import type { WallTime } from './wallClock.ts'

/**
 * One firing of a cron in a zone.
 *
 * Where the clock jumps, two rules decide. A cron that names its hours fires once for each wall time, at the first
 * instant at which the clock has reached it: times in the skipped hour at the jump, times in the doubled hour in
 * its first pass. A cron that fires in every hour fires whenever the clock shows a match, in both passes, or an
 * every-minute job would pause for an hour.
 */
export interface Run {
  /** Epoch milliseconds. */
  at: number
  /** The wall time up to which matches are dealt with: it orders the runs that a jump puts at one instant. */
  wall: WallTime
}

/** The run that a search begins after, when it begins after an instant. */
export function runAt(timeZone: string, instant: number): Run {
  return { at: instant, wall: reachedAt(timeZone, instant) }
}

/** The first run after `after`, or undefined when there is none. */
export function nextRun(cron: CompiledCron, timeZone: string, after: Run): Run | undefined {
  if (!cron.everyHour) {
    const wall = cron.next(after.wall)
    return wall === undefined ? undefined : { at: instantOf(timeZone, wall), wall }
  }

  // A run that the jump moved lies before what the clock shows at that very instant.
  const moved = after.wall < reachedAt(timeZone, after.at)
  let from = moved ? after.at - 1 : after.at
  for (;;) {
    const { until, offset } = spanAt(timeZone, from + 1)
    const wall = cron.next(from + offset)
    if (wall === undefined) return undefined
    if (wall - offset < until) return runAt(timeZone, wall - offset)
    from = until - 1
  }
}

/** The last run in `(after, instant]` (epoch milliseconds), or undefined when there is none. */
export function lastRun(
  cron: CompiledCron,
  timeZone: string,
  { after, instant }: { after: number; instant: number }
): Run | undefined {
  if (!cron.everyHour) {
    const wall = lastMatch(cron, reachedAt(timeZone, instant), reachedAt(timeZone, after))
    return wall === undefined ? undefined : { at: instantOf(timeZone, wall), wall }
  }

  for (let to = instant; to > after;) {
    const { from, offset } = spanAt(timeZone, to)
    const wall = lastMatch(cron, to + offset, Math.max(from - 1, after) + offset)
    if (wall !== undefined) return runAt(timeZone, wall - offset)
    to = from - 1
  }
  return undefined
}
