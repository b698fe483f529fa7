import { Cron, CronPattern } from 'croner'
import { cronFault } from './cronFault.ts'
import { memoize } from './memoize.ts'
import type { WallTime } from './wallClock.ts'

const longestMonths = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

/** A cron on a clock that never jumps: it knows wall times, no zone. */
export interface CompiledCron {
  /** Whether any date matches: 31 February does not, 29 February does. */
  fires: boolean
  /** Whether it names no hours, so that it fires in every hour of its days. */
  everyHour: boolean
  /** The first match after `wall`, or undefined when there is none. */
  next(wall: WallTime): WallTime | undefined
}

function firesEver({ day, month, starDOW, lastDayOfMonth }: CronPattern) {
  if (!starDOW || lastDayOfMonth) return true
  const earliest = day.indexOf(1) + 1
  return month.some((wanted, index) => wanted && earliest <= (longestMonths[index] ?? 0))
}

function compile(pattern: string): CompiledCron {
  const fault = cronFault(pattern)
  if (fault) throw new TypeError(fault)

  const parsed = new CronPattern(pattern.trim())
  // In a zone croner needs 150 µs for a match and is wrong in the doubled hour; in UTC it needs 3.
  const cron = new Cron(pattern.trim(), { utcOffset: 0 })
  const fires = firesEver(parsed)

  return {
    fires,
    everyHour: parsed.hour.every(Boolean),
    // croner looks for an impossible date until the year 3000, recursively, and can run out of stack.
    next: (wall) => (fires ? cron.nextRun(new Date(wall))?.getTime() : undefined)
  }
}

/**
 * The compiled form of a cron of five or six fields; the 2,048 last used are kept.
 *
 * @throws TypeError, with the sentence of {@link cronFault}, when `pattern` is no cron
 */
export const compileCron = memoize(compile, { limit: 2048 })
