import assert from 'node:assert/strict'
import { nextOccurrence } from './nextOccurrence.ts'
import type { ScheduledJob } from './scheduledJob.ts'

const paris = { timeZone: 'Europe/Paris' }
const nights = { cron: '0 2 * * *', cronStop: '30 2 * * *' }
const leapDay = { periodStart: '--02-29', periodEnd: '--02-29', periodRecurrent: true }

describe('nextOccurrence', () => {
  const table: [title: string, job: Partial<ScheduledJob>, after: string, expected: string | undefined][] = [
    ['is later the same day', { cron: '0 8 * * *' }, '2026-05-04T05:00Z', '2026-05-04T06:00Z'],
    ['is strictly after', { cron: '0 8 * * *' }, '2026-05-04T06:00Z', '2026-05-05T06:00Z'],
    [
      'is the first midnight of the period',
      { cron: '0 0 * * *', periodStart: '2026-06-01' },
      '2026-05-04T06:00Z',
      '2026-05-31T22:00Z'
    ],
    [
      'is the next start even while the job records',
      { cron: '0 * * * *' },
      '2026-05-04T06:30Z',
      '2026-05-04T07:00Z'
    ],
    ['is not there without a cron', { duration: 60 }, '2026-05-04T06:00Z', undefined],
    [
      'is not there for a disabled job',
      { cron: '0 8 * * *', enabled: false },
      '2026-05-04T06:00Z',
      undefined
    ],
    [
      'waits for the period',
      { cron: '0 8 * * *', periodStart: '2090-01-01' },
      '2026-05-04T06:00Z',
      '2090-01-01T07:00Z'
    ],
    [
      'is not there after the period',
      { cron: '0 8 * * *', periodEnd: '2026-05-04' },
      '2026-05-04T06:00Z',
      undefined
    ],
    ['waits for a leap year', { cron: '0 8 * * *', ...leapDay }, '2096-03-01T00:00Z', '2104-02-29T07:00Z'],
    [
      'waits for a fifth Monday in February',
      { cron: '0 8 * 2 1#5', ...leapDay },
      '2073-01-01T00:00Z',
      '2112-02-29T07:00Z'
    ],
    [
      'ends in the doubled hour after one firing',
      { cron: '30 2 * * *' },
      '2026-10-25T00:30Z',
      '2026-10-26T01:30Z'
    ],
    [
      'comes in both passes when every hour does',
      { cron: '30 * * * *' },
      '2026-10-25T00:30Z',
      '2026-10-25T01:30Z'
    ],
    ['is the jump when it was skipped', { cron: '30 2 * * *' }, '2026-03-29T00:59Z', '2026-03-29T01:00Z'],
    ['leaves out a window that the jump swallows', nights, '2026-03-28T12:00Z', '2026-03-30T00:00Z'],
    ['never comes for an impossible date', { cron: '0 8 31 2,4,6,9,11 *' }, '2026-05-04T06:00Z', undefined]
  ]
  for (const [title, job, after, expected] of table) {
    it(title, () => {
      const found = nextOccurrence(
        { triggerType: 'continuous', enabled: true, ...job },
        new Date(after),
        paris
      )
      assert.deepEqual(found, expected && new Date(expected))
    })
  }
})
