import { compileCron } from './compileCron.ts'
import { instantsOf, periodsAfter } from './period.ts'
import { nextRun, runAt } from './runs.ts'
import type { ScheduledJob, SiteClock } from './scheduledJob.ts'
import { reachedAt } from './wallClock.ts'
import { windowAt } from './windowAt.ts'

/**
 * The first start of a window after `after`, or undefined when there is none: the job is disabled, is started by
 * hand, or its period is over. Whether the job records already makes no difference.
 *
 * @param job - one in which `checkSchedule` finds no fault
 * @throws as {@link windowAt}
 */
export function nextOccurrence(job: ScheduledJob, after: Date, { timeZone }: SiteClock): Date | undefined {
  if (!job.enabled || !job.cron) return undefined
  const cron = compileCron(job.cron)

  for (const period of periodsAfter(job, reachedAt(timeZone, after.getTime()))) {
    const { from, until } = instantsOf(timeZone, period)
    let run = nextRun(cron, timeZone, runAt(timeZone, Math.max(from - 1, after.getTime())))
    while (run && run.at < until) {
      const start = new Date(run.at)
      if (windowAt(job, start, { timeZone })) return start
      // Not after the run itself: of several at one instant, windowAt has judged the last.
      run = nextRun(cron, timeZone, runAt(timeZone, run.at))
    }
  }
  return undefined
}
