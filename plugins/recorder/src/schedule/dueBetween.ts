import { compileCron } from './compileCron.ts'
import { instantsOf, longestSilence, periodsAfter } from './period.ts'
import { lastRun } from './runs.ts'
import type { ScheduledJob, SiteClock } from './scheduledJob.ts'
import { reachedAt } from './wallClock.ts'

/** A site's clock, and how many firings are wanted at most: 100 unless told. */
export interface DueOptions extends SiteClock {
  limit?: number
}

/**
 * When `job` was due, after `after` and up to `until`: the firings of its cron inside its period, oldest first, the
 * latest `limit` of them. Somebody who was away asks for `limit: 1` to make up for one missed `oneshot` at most.
 * Looks back 41 years at most. Empty for a job that is disabled or started by hand.
 *
 * @param job - one in which `checkSchedule` finds no fault
 * @throws as {@link windowAt}
 */
export function dueBetween(
  job: ScheduledJob,
  after: Date,
  until: Date,
  { timeZone, limit = 100 }: DueOptions
): Date[] {
  if (!job.enabled || !job.cron || until <= after) return []
  const cron = compileCron(job.cron)
  const due: Date[] = []

  for (const period of periodsBetween(job, after.getTime(), until.getTime(), timeZone).toReversed()) {
    let run = lastRun(cron, timeZone, { after: period.after, instant: period.until })
    while (run && due.length < limit) {
      due.push(new Date(run.at))
      run = lastRun(cron, timeZone, { after: period.after, instant: run.at - 1 })
    }
  }
  return due.toReversed()
}

/** The parts of the job's periods that lie in `(after, until]`, as instants. */
function periodsBetween(job: ScheduledJob, after: number, until: number, timeZone: string) {
  const earliest = Math.max(after, until - longestSilence)
  const parts: { after: number; until: number }[] = []
  for (const period of periodsAfter(job, reachedAt(timeZone, earliest))) {
    const { from, until: closing } = instantsOf(timeZone, period)
    if (from > until) break
    parts.push({ after: Math.max(from - 1, earliest), until: Math.min(closing - 1, until) })
  }
  return parts
}
