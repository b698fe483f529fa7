import { compileCron } from './compileCron.ts'
import { cronFault } from './cronFault.ts'
import { instantsOf, longestSilence, periodsAfter } from './period.ts'
import { periodFaults } from './periodFaults.ts'
import type { ScheduleFault } from './periodFaults.ts'
import { nextRun, runAt } from './runs.ts'
import type { ScheduledJob, SiteClock } from './scheduledJob.ts'

/** Ten years in seconds: more is a slip of the unit. */
const longestDuration = 10 * 366 * 86_400

/** The year 2000 opens a stretch that has every kind of year: each first weekday, leap and not. */
const anyYear = Date.UTC(2000, 0)

function faultOf(pattern: string) {
  const fault = cronFault(pattern)
  if (fault) return fault
  return compileCron(pattern).fires ? undefined : `"${pattern}" never fires: no month has that day`
}

function cronFaults({ cron, cronStop, triggerType }: ScheduledJob): ScheduleFault[] {
  const faults: ScheduleFault[] = []
  const add = (field: 'cron' | 'cronStop', message: string | undefined) => {
    if (message) faults.push({ field, message })
  }

  if (typeof cron === 'string') add('cron', faultOf(cron))
  if (typeof cronStop !== 'string') return faults

  add('cronStop', faultOf(cronStop))
  if (typeof cron !== 'string') add('cronStop', 'A job without a cron is started by hand: no cron stops it')
  if (triggerType === 'oneshot') add('cronStop', 'A oneshot job ends by itself: no cron stops it')
  return faults
}

function durationFaults({ duration, triggerType }: ScheduledJob): ScheduleFault[] {
  if (duration === undefined || duration === null) {
    if (triggerType !== 'fixed_duration') return []
    return [{ field: 'duration', message: 'A fixed_duration job needs a duration in seconds' }]
  }
  if (duration > 0 && duration <= longestDuration) return []
  return [{ field: 'duration', message: `${duration} is not between 0 and ${longestDuration} seconds` }]
}

function firesInPeriod(job: ScheduledJob, pattern: string, timeZone: string) {
  const cron = compileCron(pattern)
  const since = job.periodRecurrent ? anyYear : -Infinity
  for (const period of periodsAfter(job, since)) {
    const { from, until } = instantsOf(timeZone, period)
    const opening = Math.max(from, Math.min(until, anyYear + longestSilence) - longestSilence)
    const run = nextRun(cron, timeZone, runAt(timeZone, opening - 1))
    if (run && run.at < until) return true
  }
  return false
}

/**
 * What makes the schedule of `job` impossible, each fault with its field and a sentence for its author; empty when
 * nothing does. A period that is over is no fault. `cronStop` and `duration` may both be given: what comes first
 * ends the recording.
 *
 * @throws RangeError when `timeZone` is no IANA name
 */
export function checkSchedule(job: ScheduledJob, { timeZone }: SiteClock): readonly ScheduleFault[] {
  const faults = [...cronFaults(job), ...durationFaults(job), ...periodFaults(job)]
  if (faults.length > 0 || typeof job.cron !== 'string') return faults
  if (firesInPeriod(job, job.cron, timeZone)) return []
  return [{ field: 'cron', message: `"${job.cron}" never fires between periodStart and periodEnd` }]
}
