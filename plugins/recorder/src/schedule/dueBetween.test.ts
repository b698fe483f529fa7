import assert from 'node:assert/strict'
import { dueBetween } from './dueBetween.ts'
import type { ScheduledJob } from './scheduledJob.ts'

const paris = { timeZone: 'Europe/Paris' }
const daily: ScheduledJob = { triggerType: 'oneshot', enabled: true, cron: '0 8 * * *' }

function due(job: ScheduledJob, after: string, until: string, options: { limit?: number } = {}) {
  return dueBetween(job, new Date(after), new Date(until), { ...paris, ...options }).map((at) =>
    at.toISOString().replace(':00.000Z', 'Z')
  )
}

describe('dueBetween', () => {
  it('lists the firings after one instant and up to another, oldest first', () => {
    assert.deepEqual(due(daily, '2026-05-04T06:00Z', '2026-05-06T06:00Z'), [
      '2026-05-05T06:00Z',
      '2026-05-06T06:00Z'
    ])
  })

  it('lists nothing when nothing was due', () => {
    assert.deepEqual(due(daily, '2026-05-04T06:00Z', '2026-05-05T05:59Z'), [])
    assert.deepEqual(due(daily, '2026-05-06T06:00Z', '2026-05-04T06:00Z'), [])
    assert.deepEqual(due({ ...daily, enabled: false }, '2026-05-04T06:00Z', '2026-05-06T06:00Z'), [])
  })

  it('gives the latest one to somebody who was away for 56 years', () => {
    const everySecond = { ...daily, cron: '* * * * * *' }
    assert.deepEqual(due(everySecond, '1970-01-01T00:00Z', '2026-05-04T06:00Z', { limit: 1 }), [
      '2026-05-04T06:00Z'
    ])
    assert.equal(due(everySecond, '1970-01-01T00:00Z', '2026-05-04T06:00Z').length, 100)
  })

  it('leaves out what lies outside the periods', () => {
    const newYear = { ...daily, periodStart: '--12-31', periodEnd: '--01-01', periodRecurrent: true }
    assert.deepEqual(due(newYear, '2024-12-31T08:00Z', '2026-05-04T06:00Z'), [
      '2025-01-01T07:00Z',
      '2025-12-31T07:00Z',
      '2026-01-01T07:00Z'
    ])
  })

  it('counts the first midnight of a period in, and the one that ends it out', () => {
    const twoDays = { ...daily, cron: '0 0 * * *', periodStart: '2026-05-04', periodEnd: '2026-05-05' }
    const midnights = ['2026-05-03T22:00Z', '2026-05-04T22:00Z']
    assert.deepEqual(due(twoDays, '2026-01-01T00:00Z', '2026-12-31T00:00Z'), midnights)
  })

  it('lists a doubled hour twice for a cron that runs every hour, once for one that names it', () => {
    const [after, until] = ['2026-10-24T22:00Z', '2026-10-25T03:00Z'] as const
    assert.deepEqual(due({ ...daily, cron: '30 * * * *' }, after, until), [
      '2026-10-24T22:30Z',
      '2026-10-24T23:30Z',
      '2026-10-25T00:30Z',
      '2026-10-25T01:30Z',
      '2026-10-25T02:30Z'
    ])
    assert.deepEqual(due({ ...daily, cron: '30 2 * * *' }, after, until), ['2026-10-25T00:30Z'])
  })

  it('lists the jump once, whatever it has skipped', () => {
    const skipped = { ...daily, cron: '*/10 2 * * *' }
    assert.deepEqual(due(skipped, '2026-03-28T12:00Z', '2026-03-29T12:00Z'), ['2026-03-29T01:00Z'])
  })
})
