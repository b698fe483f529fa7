import { compileCron } from './compileCron.ts'
import { instantsOf, longestSilence, periodsAfter } from './period.ts'
import { lastRun, nextRun } from './runs.ts'
import type { Run } from './runs.ts'
import type { ScheduledJob, SiteClock } from './scheduledJob.ts'
import { reachedAt } from './wallClock.ts'

/** When a job should record: from `start` up to, and not at, `end`; for ever without one. */
export interface Window {
  start: Date
  end?: Date
}

function durationOf({ duration }: ScheduledJob) {
  return duration ? duration * 1000 : Infinity
}

function endOf(job: ScheduledJob, start: Run, { timeZone }: SiteClock) {
  const stop = job.cronStop ? nextRun(compileCron(job.cronStop), timeZone, start) : undefined
  return Math.min(start.at + durationOf(job), stop?.at ?? Infinity)
}

/** `[from, until)` of the period around `instant`, as instants. */
function periodAround(job: ScheduledJob, instant: number, timeZone: string) {
  const reached = reachedAt(timeZone, instant)
  const { value: period } = periodsAfter(job, reached).next()
  return period && period.from <= reached ? instantsOf(timeZone, period) : undefined
}

/**
 * The window that `instant` lies in, or undefined: the answer to "should this job be recording now?" for an enabled
 * job with a cron. A disabled job has no windows, nor has one that is started by hand.
 *
 * A window begins at the last start at or before the instant, if that lies in the same period, and ends with the
 * first of: the next stop, `duration`, the end of the period. So a start that comes while the job records moves the
 * window on (its duration counts anew), and a stop at the moment of a start goes before it. A `oneshot` has windows
 * of one instant: `start` and `end` are that.
 *
 * Crons follow the site's wall clock; {@link Run} says what happens where it jumps. A window that lies wholly in
 * the skipped hour does not happen.
 *
 * @param job - one in which `checkSchedule` finds no fault
 * @throws TypeError when a cron is none, RangeError when `timeZone` is no IANA name
 */
export function windowAt(job: ScheduledJob, instant: Date, { timeZone }: SiteClock): Window | undefined {
  if (!job.enabled || !job.cron) return undefined
  const cron = compileCron(job.cron)
  const now = instant.getTime()
  const period = periodAround(job, now, timeZone)
  if (!period) return undefined

  if (job.triggerType === 'oneshot') {
    return lastRun(cron, timeZone, { after: now - 1, instant: now }) && { start: instant, end: instant }
  }

  const after = Math.max(period.from - 1, now - Math.min(durationOf(job), longestSilence))
  const start = lastRun(cron, timeZone, { after, instant: now })
  if (!start) return undefined

  const end = Math.min(endOf(job, start, { timeZone }), period.until)
  if (end <= now) return undefined
  return { start: new Date(start.at), ...(end < Infinity && { end: new Date(end) }) }
}
