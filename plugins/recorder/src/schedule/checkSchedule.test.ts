import assert from 'node:assert/strict'
import { checkSchedule } from './checkSchedule.ts'
import type { ScheduledJob } from './scheduledJob.ts'

const paris = { timeZone: 'Europe/Paris' }

function check(job: Partial<ScheduledJob>) {
  return checkSchedule({ triggerType: 'continuous', enabled: true, ...job }, paris)
}

describe('checkSchedule', () => {
  const possible: [title: string, job: Partial<ScheduledJob>][] = [
    [
      'a job started by hand',
      { cron: null, cronStop: null, duration: null, periodStart: null, periodEnd: null }
    ],
    ['a start and a stop', { cron: '0 8 * * *', cronStop: '0 18 * * *' }],
    ['a stop and a duration', { cron: '0 8 * * *', cronStop: '0 18 * * *', duration: 3600 }],
    ['a fixed duration started by hand', { triggerType: 'fixed_duration', duration: 0.5 }],
    ['29 February', { cron: '0 0 29 2 *' }],
    ['a period that is over', { cron: '0 8 * * *', periodStart: '1999-01-01', periodEnd: '1999-01-01' }],
    ['a period with one end', { cron: '0 8 29 2 *', periodEnd: '2026-12-31' }],
    ['midnight of a single day', { cron: '0 0 1 5 *', periodStart: '2026-05-01', periodEnd: '2026-05-01' }],
    ['a period far ahead', { cron: '0 8 * * *', periodStart: '2090-01-01' }],
    ['a real leap day', { periodStart: '2028-02-29' }],
    [
      'a recurring leap day',
      { cron: '0 8 * * *', periodStart: '--02-29', periodEnd: '--02-29', periodRecurrent: true }
    ],
    [
      'a rare date in a recurring period over New Year',
      { cron: '0 8 * 2 mon#5', periodStart: '--12-20', periodEnd: '--02-29', periodRecurrent: true }
    ]
  ]
  for (const [title, job] of possible) it(`accepts ${title}`, () => assert.deepEqual(check(job), []))

  const refused: [title: string, job: Partial<ScheduledJob>, field: string, message: RegExp][] = [
    ['an invalid cron', { cron: '0 25 * * *' }, 'cron', /"25" is no hour/],
    ['an empty cron', { cron: '' }, 'cron', /five fields/],
    ['an invalid stop', { cron: '0 8 * * *', cronStop: 'late' }, 'cronStop', /five fields/],
    ['31 February', { cron: '0 0 31 2 *' }, 'cron', /never fires/],
    ['the 31st of short months', { cron: '0 0 31 2,4,6,9,11 *' }, 'cron', /never fires/],
    ['a stop that never fires', { cron: '0 0 * * *', cronStop: '0 0 30 2 *' }, 'cronStop', /never fires/],
    ['a stop without a cron', { cronStop: '0 18 * * *' }, 'cronStop', /by hand/],
    [
      'a stop for a oneshot',
      { triggerType: 'oneshot', cron: '0 8 * * *', cronStop: '0 18 * * *' },
      'cronStop',
      /oneshot/
    ],
    ['a fixed duration without one', { triggerType: 'fixed_duration' }, 'duration', /needs a duration/],
    ['a duration of 0', { duration: 0 }, 'duration', /0 is not between/],
    ['a negative duration', { duration: -1 }, 'duration', /-1 is not between/],
    ['a duration that is no number', { duration: Number.NaN }, 'duration', /NaN/],
    ['a duration of centuries', { duration: 1e11 }, 'duration', /seconds/],
    [
      'an end before the start',
      { periodStart: '2026-05-02', periodEnd: '2026-05-01' },
      'periodEnd',
      /before/
    ],
    ['30 February', { periodStart: '2026-02-30' }, 'periodStart', /no date of the form YYYY-MM-DD/],
    ['29 February of a common year', { periodStart: '2026-02-29' }, 'periodStart', /no date/],
    ['a date with a time', { periodEnd: '2026-05-01T08:00' }, 'periodEnd', /no date/],
    ['a date without a year', { periodStart: '--05-01' }, 'periodStart', /has no year/],
    [
      'a recurring date with a year',
      { periodStart: '2026-05-01', periodEnd: '--06-01', periodRecurrent: true },
      'periodStart',
      /has a year/
    ],
    [
      'a recurring period without an end',
      { periodStart: '--05-01', periodRecurrent: true },
      'periodEnd',
      /needs/
    ],
    [
      'a cron outside its period',
      { cron: '0 8 1 1 *', periodStart: '2026-02-01', periodEnd: '2026-12-31' },
      'cron',
      /never fires between/
    ],
    [
      'a leap day outside its recurring period',
      { cron: '0 8 29 2 *', periodStart: '--02-01', periodEnd: '--02-28', periodRecurrent: true },
      'cron',
      /never fires between/
    ]
  ]
  for (const [title, job, field, message] of refused) {
    it(`refuses ${title}`, () => {
      const faults = check(job)
      assert.deepEqual(
        faults.map((fault) => fault.field),
        [field]
      )
      assert.match(faults[0]?.message ?? '', message)
    })
  }

  it('names every fault at once', () => {
    const faults = check({
      triggerType: 'oneshot',
      cron: 'x',
      cronStop: 'y',
      duration: -1,
      periodRecurrent: true,
      periodStart: '--13-01'
    })
    assert.deepEqual(
      faults.map((fault) => fault.field),
      ['cron', 'cronStop', 'cronStop', 'duration', 'periodStart', 'periodEnd']
    )
  })
})
