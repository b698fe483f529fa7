import type { ScheduledJob } from './scheduledJob.ts'

/** One reason why a schedule is refused, and the field that it is about. */
export interface ScheduleFault {
  field: keyof ScheduledJob
  message: string
}

type DateField = 'periodStart' | 'periodEnd'
const dateFields: readonly DateField[] = ['periodStart', 'periodEnd']

/** A leap year stands in for every year, so that a period may begin or end on 29 February. */
function isDate(date: string) {
  const dated = date.replace(/^--/, '2000-')
  if (!/^\d{4}-\d{2}-\d{2}$/.test(dated)) return false
  const parsed = Date.parse(dated)
  return !Number.isNaN(parsed) && new Date(parsed).toISOString().startsWith(dated)
}

function dateFault(job: ScheduledJob, field: DateField): string | undefined {
  const date = job[field]
  const form = job.periodRecurrent ? '--MM-DD' : 'YYYY-MM-DD'
  if (date === undefined || date === null) {
    return job.periodRecurrent ? `A period that recurs needs ${field}, as ${form}` : undefined
  }
  if (!isDate(date)) return `"${date}" is no date of the form ${form}`
  if (date.startsWith('--') === Boolean(job.periodRecurrent)) return undefined
  return job.periodRecurrent
    ? `"${date}" has a year, but the period recurs every year: it takes ${form}`
    : `"${date}" has no year: a period that does not recur takes ${form}`
}

/** What is wrong with the dates of `job`'s period, whatever its crons are. */
export function periodFaults(job: ScheduledJob): ScheduleFault[] {
  const faults = dateFields.flatMap((field) => {
    const message = dateFault(job, field)
    return message ? [{ field, message }] : []
  })
  if (faults.length > 0 || job.periodRecurrent) return faults

  const { periodStart, periodEnd } = job
  if (!periodStart || !periodEnd || periodEnd >= periodStart) return []
  return [
    { field: 'periodEnd', message: `The period ends on ${periodEnd}, before it starts on ${periodStart}` }
  ]
}
