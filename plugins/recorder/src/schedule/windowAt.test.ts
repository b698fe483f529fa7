import assert from 'node:assert/strict'
import type { ScheduledJob } from './scheduledJob.ts'
import { windowAt } from './windowAt.ts'

const paris = { timeZone: 'Europe/Paris' }
const officeHours = { cron: '0 8 * * *', cronStop: '0 18 * * *' }
const summer = { periodStart: '2026-06-01', periodEnd: '2026-08-31' }
const newYear = { periodStart: '--12-20', periodEnd: '--01-05', periodRecurrent: true }

type Case = [
  title: string,
  job: Partial<ScheduledJob>,
  instant: string,
  expected: [start: string, end?: string] | null
]

function windowOf(job: Partial<ScheduledJob>, instant: string) {
  const found = windowAt({ triggerType: 'continuous', enabled: true, ...job }, new Date(instant), paris)
  if (!found) return null
  return [found.start, found.end].flatMap((date) =>
    date ? [date.toISOString().replace(':00.000Z', 'Z')] : []
  )
}

function tell(cases: Case[]) {
  for (const [title, job, instant, expected] of cases) {
    it(title, () => assert.deepEqual(windowOf(job, instant), expected))
  }
}

describe('windowAt', () => {
  tell([
    [
      'is there from the start on',
      officeHours,
      '2026-05-04T06:00Z',
      ['2026-05-04T06:00Z', '2026-05-04T16:00Z']
    ],
    ['is not there a moment before', officeHours, '2026-05-04T05:59:59.999Z', null],
    ['is over at its end', officeHours, '2026-05-04T16:00Z', null],
    ['is not there without a cron', { duration: 60 }, '2026-05-04T06:00Z', null],
    ['is not there for a disabled job', { ...officeHours, enabled: false }, '2026-05-04T06:00Z', null],
    ['has no end without a stop', { cron: '0 8 * * *' }, '2026-05-04T05:00Z', ['2026-05-03T06:00Z']],
    [
      'ends after the duration when that comes before the stop',
      { ...officeHours, duration: 1800 },
      '2026-05-04T06:29Z',
      ['2026-05-04T06:00Z', '2026-05-04T06:30Z']
    ],
    [
      'ends at the stop when that comes before the duration',
      { ...officeHours, duration: 86_400 },
      '2026-05-04T06:29Z',
      ['2026-05-04T06:00Z', '2026-05-04T16:00Z']
    ],
    [
      'moves on with a start that comes while the job records',
      { cron: '0 8,10 * * *', duration: 3 * 3600 },
      '2026-05-04T10:00Z',
      ['2026-05-04T08:00Z', '2026-05-04T11:00Z']
    ],
    [
      'begins at a start that comes with a stop',
      { cron: '0 8 * * *', cronStop: '0 8 * * *' },
      '2026-05-04T06:00Z',
      ['2026-05-04T06:00Z', '2026-05-05T06:00Z']
    ],
    [
      'counts seconds in a cron of six fields',
      { cron: '30 0 8 * * *', cronStop: '45 0 8 * * *' },
      '2026-05-04T06:00:44.9Z',
      ['2026-05-04T06:00:30.000Z', '2026-05-04T06:00:45.000Z']
    ],
    [
      'reaches back four years to a leap day',
      { cron: '0 0 29 2 *' },
      '2027-12-01T00:00Z',
      ['2024-02-28T23:00Z']
    ]
  ])

  describe('in a period', () => {
    tell([
      [
        'ends with its last day, in the time of the site',
        { cron: '0 8 * * *', ...summer },
        '2026-08-31T21:59Z',
        ['2026-08-31T06:00Z', '2026-08-31T22:00Z']
      ],
      ['is over when it is', { cron: '0 8 * * *', ...summer }, '2026-08-31T22:00Z', null],
      ['does not begin before it', { cron: '0 8 * * *', ...summer }, '2026-06-01T05:00Z', null],
      [
        'begins at its first midnight',
        { cron: '0 0 * * *', cronStop: '0 1 * * *', ...summer },
        '2026-05-31T22:00Z',
        ['2026-05-31T22:00Z', '2026-05-31T23:00Z']
      ],
      [
        'recurs',
        { cron: '0 8 * * *', ...newYear },
        '2031-12-20T08:00Z',
        ['2031-12-20T07:00Z', '2032-01-05T23:00Z']
      ],
      [
        'runs over New Year',
        { cron: '0 8 20 12 *', ...newYear },
        '2032-01-05T22:59Z',
        ['2031-12-20T07:00Z', '2032-01-05T23:00Z']
      ],
      [
        'does not reach back into the one of last year',
        { cron: '0 8 5 1 *', ...newYear },
        '2026-12-21T08:00Z',
        null
      ],
      [
        'ends a leap day period when February ends in a common year',
        { cron: '0 8 * * *', periodStart: '--02-01', periodEnd: '--02-29', periodRecurrent: true },
        '2027-02-28T08:00Z',
        ['2027-02-28T07:00Z', '2027-02-28T23:00Z']
      ],
      [
        'has no leap day in a common year',
        { cron: '0 * * * *', periodStart: '--02-29', periodEnd: '--02-29', periodRecurrent: true },
        '2027-03-01T08:00Z',
        null
      ]
    ])
  })

  describe('of a oneshot', () => {
    const snapshot = { triggerType: 'oneshot', cron: '0 8 * * *' } as const
    tell([
      ['is the instant itself', snapshot, '2026-05-04T06:00Z', ['2026-05-04T06:00Z', '2026-05-04T06:00Z']],
      ['is no other instant', snapshot, '2026-05-04T06:00:00.001Z', null]
    ])
  })

  describe('in the skipped hour', () => {
    tell([
      [
        'begins at the jump when its start is skipped',
        { cron: '30 2 * * *', cronStop: '0 4 * * *' },
        '2026-03-29T01:00Z',
        ['2026-03-29T01:00Z', '2026-03-29T02:00Z']
      ],
      [
        'ends at the jump when its stop is skipped',
        { cron: '0 1 * * *', cronStop: '30 2 * * *' },
        '2026-03-29T00:59Z',
        ['2026-03-29T00:00Z', '2026-03-29T01:00Z']
      ],
      [
        'does not happen when it lies within',
        { cron: '0 2 * * *', cronStop: '30 2 * * *' },
        '2026-03-29T01:00Z',
        null
      ],
      [
        'lasts its whole duration',
        { triggerType: 'fixed_duration', cron: '30 2 * * *', duration: 7200 },
        '2026-03-29T02:59Z',
        ['2026-03-29T01:00Z', '2026-03-29T03:00Z']
      ],
      [
        'goes on through it when it is stopped by a cron that runs every hour',
        { cron: '0 1 * * *', cronStop: '30 * * * *' },
        '2026-03-29T00:00Z',
        ['2026-03-29T00:00Z', '2026-03-29T00:30Z']
      ],
      [
        'does not outlive a stop that falls on the jump',
        { cron: '30 2 * * *', cronStop: '0 * * * *' },
        '2026-03-29T01:00Z',
        null
      ]
    ])
  })

  describe('in the doubled hour', () => {
    tell([
      [
        'begins in the first pass',
        { cron: '30 2 * * *', cronStop: '0 4 * * *' },
        '2026-10-25T00:30Z',
        ['2026-10-25T00:30Z', '2026-10-25T03:00Z']
      ],
      [
        'ends in the first pass',
        { cron: '0 1 * * *', cronStop: '30 2 * * *' },
        '2026-10-25T00:29Z',
        ['2026-10-24T23:00Z', '2026-10-25T00:30Z']
      ],
      [
        'does not come back in the second',
        { cron: '0 2 * * *', cronStop: '30 2 * * *' },
        '2026-10-25T01:15Z',
        null
      ],
      [
        'lasts its duration, not what the clock shows',
        { triggerType: 'fixed_duration', cron: '30 2 * * *', duration: 3600 },
        '2026-10-25T01:29Z',
        ['2026-10-25T00:30Z', '2026-10-25T01:30Z']
      ],
      [
        'leaves no hour out when it begins every hour',
        { triggerType: 'fixed_duration', cron: '0 * * * *', duration: 3600 },
        '2026-10-25T01:30Z',
        ['2026-10-25T01:00Z', '2026-10-25T02:00Z']
      ]
    ])
  })

  it('refuses a cron that is none, and a zone that is none', () => {
    assert.throws(() => windowOf({ cron: '0 25 * * *' }, '2026-05-04T06:00Z'), TypeError)
    const job: ScheduledJob = { triggerType: 'continuous', enabled: true, cron: '0 8 * * *' }
    assert.throws(() => windowAt(job, new Date(), { timeZone: 'Europe/Atlantis' }), RangeError)
  })

  it('answers for 500 different jobs in less than 50 ms', () => {
    const jobs = Array.from({ length: 500 }, (_, index): ScheduledJob => ({
      triggerType: 'continuous',
      enabled: true,
      cron: `${index % 60} ${index % 24} * * ${index % 3 ? '*' : '1-5'}`,
      cronStop: `${(index * 7) % 60} ${(index * 5) % 24} * * *`,
      ...(index % 2 && newYear)
    }))
    const rounds = Array.from({ length: 5 }, (_, round) => {
      const began = performance.now()
      for (const job of jobs) windowAt(job, new Date(Date.UTC(2026, 11, 25, round)), paris)
      return performance.now() - began
    })
    assert.ok(Math.min(...rounds) < 50, `took ${rounds.map((ms) => ms.toFixed(1)).join(', ')} ms`)
  })
})
