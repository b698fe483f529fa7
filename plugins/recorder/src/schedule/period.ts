import type { ScheduledJob } from './scheduledJob.ts'
import { instantOf } from './wallClock.ts'
import type { WallTime } from './wallClock.ts'

type PeriodFields = Pick<ScheduledJob, 'periodStart' | 'periodEnd' | 'periodRecurrent'>

/** Days in which a job may record: `[from, until)`, midnight to midnight; unbounded ends are infinite. */
export interface Period {
  from: WallTime
  until: WallTime
}

/**
 * No cron that fires at all is silent for longer: 41 years in milliseconds. The rarest, a fifth Monday in February,
 * waits 28 years, and 40 where a century is no leap year.
 */
export const longestSilence = 41 * 366 * 24 * 3_600_000

/** From the year before, for a period over New Year, to past {@link longestSilence}. */
const recurrences = 44

function dayStart(year: number, date: string): WallTime {
  const [month = 0, day = 0] = date.slice(2).split('-').map(Number)
  return Date.UTC(year, month - 1, day)
}

/** 29 February ends, in a year without one, when February does. */
function dayEnd(year: number, date: string): WallTime {
  const [month = 0, day = 0] = date.slice(2).split('-').map(Number)
  return Math.min(Date.UTC(year, month - 1, day + 1), Date.UTC(year, month))
}

/** The period of a valid `--MM-DD` pair that begins in `year`. */
function recurrenceIn(year: number, start: string, end: string): Period {
  const endYear = end < start ? year + 1 : year
  return { from: dayStart(year, start), until: dayEnd(endYear, end) }
}

/**
 * The periods of `job` that end after `wall`, in order: one at most, unless they recur; then those of
 * {@link longestSilence}, in which any cron fires. A job without dates has one without ends. The fields must be valid.
 */
export function* periodsAfter(
  { periodStart, periodEnd, periodRecurrent }: PeriodFields,
  wall: WallTime
): Generator<Period> {
  if (periodRecurrent && periodStart && periodEnd) {
    const firstYear = new Date(wall).getUTCFullYear() - 1
    for (let year = firstYear; year < firstYear + recurrences; year++) {
      const period = recurrenceIn(year, periodStart, periodEnd)
      if (period.until > wall) yield period
    }
    return
  }

  const from = periodStart ? Date.parse(periodStart) : -Infinity
  const until = periodEnd ? Date.parse(periodEnd) + 24 * 3_600_000 : Infinity
  if (until > wall) yield { from, until }
}

/** The same `[from, until)` in epoch milliseconds. */
export function instantsOf(timeZone: string, { from, until }: Period) {
  return {
    from: from === -Infinity ? from : instantOf(timeZone, from),
    until: until === Infinity ? until : instantOf(timeZone, until)
  }
}
