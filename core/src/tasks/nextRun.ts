import { CronExpressionParser } from 'cron-parser'
import type { Schedule } from './Schedule.ts'

function later(one: Date, other: Date): Date {
  return one > other ? one : other
}

/**
 * The next run of a task that last started at `after`, never before `now`: what was missed meanwhile is not
 * made up for. In the hour that daylight saving skips a daily run comes when that hour would have ended, and in
 * the hour that it doubles, once.
 */
export function nextRun({ every, timeZone }: Schedule, after: Date, now: Date): Date {
  if (typeof every === 'number') return later(new Date(after.getTime() + every), now)
  // A clock that was set back must not give the same occurrence twice.
  const currentDate = later(after, now)
  return CronExpressionParser.parse(every, { tz: timeZone, currentDate }).next().toDate()
}
