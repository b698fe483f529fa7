import { dueBetween, windowAt, type SiteClock } from '../schedule/index.ts'
import type { Job } from './Job.ts'

/** What a job should be doing now. */
export interface DesiredRun {
  /** Seconds that a run started now may last; undefined for no end of its own. */
  readonly seconds: number | undefined
}

/**
 * Whether a job should run at this moment, and for how long. A job with a cron follows its windows, but a start or
 * stop by hand counts until the next window begins; a job without one runs from its start by hand to its stop.
 */
export function desiredRun(job: Job, now: Date, clock: SiteClock): DesiredRun | undefined {
  const decidedAt = job.decidedAt === null ? undefined : new Date(job.decidedAt)
  if (!job.cron || !job.enabled) return job.wanted ? byHand(job, decidedAt, now) : undefined
  if (job.triggerType === 'oneshot') return oneshot(job, decidedAt, now, clock)
  const window = windowAt(job, now, clock)
  if (window && !(decidedAt && decidedAt >= window.start)) return { seconds: secondsUntil(window.end, now) }
  if (!job.wanted || !decidedAt) return undefined
  if (window) return { seconds: secondsUntil(window.end, now) }
  // Outside of a window a start by hand counts, unless a window has come and gone since.
  const earlier = windowAt(job, decidedAt, clock)
  const isOver =
    earlier?.end !== undefined || dueBetween(job, decidedAt, now, { ...clock, limit: 1 }).length > 0
  return isOver ? undefined : byHand(job, decidedAt, now)
}

function byHand(job: Job, decidedAt: Date | undefined, now: Date): DesiredRun | undefined {
  if (job.triggerType === 'oneshot' || job.duration === null) return { seconds: job.duration ?? undefined }
  const elapsed = decidedAt ? (now.getTime() - decidedAt.getTime()) / 1000 : 0
  const left = job.duration - elapsed
  return left > 0 ? { seconds: left } : undefined
}

/** Of the instants that were missed, at most the last is made up for. */
function oneshot(job: Job, decidedAt: Date | undefined, now: Date, clock: SiteClock): DesiredRun | undefined {
  const since = new Date(Math.max(decidedAt?.getTime() ?? 0, new Date(job.createdAt).getTime()))
  const due = dueBetween(job, since, now, { ...clock, limit: 1 }).length > 0
  return due || job.wanted ? { seconds: job.duration ?? undefined } : undefined
}

function secondsUntil(end: Date | undefined, now: Date): number | undefined {
  return end && Math.max((end.getTime() - now.getTime()) / 1000, 0)
}
