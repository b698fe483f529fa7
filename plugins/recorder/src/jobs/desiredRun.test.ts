import assert from 'node:assert/strict'
import { desiredRun } from './desiredRun.ts'
import type { Job } from './Job.ts'

const clock = { timeZone: 'UTC' }
const at = (time: string): Date => new Date(`2026-03-10T${time}Z`)

function job(fields: Partial<Job>): Job {
  return {
    id: '1',
    createdAt: '2026-01-01T00:00:00.000Z',
    triggerType: 'continuous',
    enabled: true,
    wanted: false,
    cron: null,
    cronStop: null,
    duration: null,
    periodStart: null,
    periodEnd: null,
    periodRecurrent: false,
    decidedAt: null,
    ...fields
  } as Job
}

/** Whether it should run, and for how many seconds. */
function desired(fields: Partial<Job>, now: string): number | boolean {
  const run = desiredRun(job(fields), at(now), clock)
  return run === undefined ? false : (run.seconds ?? true)
}

describe('what a job should be doing', () => {
  it('is decided by hand without a cron: started and not stopped is meant to run', () => {
    assert.equal(desired({}, '12:00:00'), false)
    assert.equal(desired({ wanted: true, decidedAt: at('11:00:00').toISOString() }, '12:00:00'), true)
    assert.equal(
      desired({ wanted: true, enabled: false, decidedAt: at('11:00:00').toISOString() }, '12:00:00'),
      true
    )
  })

  it('ends a start by hand after its duration, and resumes what is left of it', () => {
    const fixed = {
      triggerType: 'fixed_duration',
      duration: 600,
      wanted: true,
      decidedAt: at('12:00:00').toISOString()
    } as const
    assert.equal(desired(fixed, '12:04:00'), 360)
    assert.equal(desired(fixed, '12:10:00'), false)
  })

  const office = { cron: '0 8 * * *', cronStop: '0 18 * * *' }

  it('follows the windows of its cron while it is enabled', () => {
    assert.equal(desired(office, '07:59:59'), false)
    assert.equal(desired(office, '08:00:00'), 10 * 3600)
    assert.equal(desired(office, '17:59:00'), 60)
    assert.equal(desired(office, '18:00:00'), false)
    assert.equal(desired({ ...office, enabled: false }, '12:00:00'), false)
  })

  it('lets a stop by hand count until the next window', () => {
    const stopped = { ...office, wanted: false, decidedAt: at('09:00:00').toISOString() }
    assert.equal(desired(stopped, '12:00:00'), false)
    const next = desiredRun(job(stopped), new Date('2026-03-11T12:00:00Z'), clock)
    assert.equal(next?.seconds, 6 * 3600)
  })

  it('lets a start by hand count outside of a window, until one has come and gone', () => {
    const started = { ...office, wanted: true, decidedAt: at('05:00:00').toISOString() }
    assert.equal(desired(started, '06:00:00'), true)
    assert.equal(desired(started, '12:00:00'), 6 * 3600)
    assert.equal(desired(started, '19:00:00'), false)
  })

  it('does not start a run again that ended within its window', () => {
    const over = {
      cron: '0 * * * *',
      duration: 1800,
      triggerType: 'fixed_duration',
      decidedAt: at('12:05:00').toISOString()
    } as const
    assert.equal(desired(over, '12:10:00'), false)
    assert.equal(desired(over, '13:00:00'), 1800)
  })

  it('makes up for one missed instant of a one-shot, and not twice', () => {
    const snapshot = { triggerType: 'oneshot', cron: '0 * * * *' } as const
    assert.equal(desired({ ...snapshot, decidedAt: at('09:30:00').toISOString() }, '12:10:00'), true)
    assert.equal(desired({ ...snapshot, decidedAt: at('12:00:01').toISOString() }, '12:10:00'), false)
  })
})
