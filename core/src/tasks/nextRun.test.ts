import assert from 'node:assert/strict'
import { nextRun } from './nextRun.ts'

function next(every: string | number, after: string, now = after, timeZone = 'Europe/Berlin'): string {
  return nextRun({ every, timeZone }, new Date(after), new Date(now)).toISOString()
}

describe('nextRun', () => {
  it('counts an interval from the start of the run', () => {
    assert.equal(next(60_000, '2026-05-01T12:00:00Z', '2026-05-01T12:00:20Z'), '2026-05-01T12:01:00.000Z')
  })

  it('does not make up for what a long run missed', () => {
    assert.equal(next(60_000, '2026-05-01T12:00:00Z', '2026-05-01T12:07:20Z'), '2026-05-01T12:07:20.000Z')
    assert.equal(
      next('* * * * *', '2026-05-01T12:00:00Z', '2026-05-01T12:07:20Z'),
      '2026-05-01T12:08:00.000Z'
    )
  })

  it('reads a cron expression in the time zone of the site', () => {
    assert.equal(next('0 3 * * *', '2026-05-01T12:00:00Z'), '2026-05-02T01:00:00.000Z')
    assert.equal(
      next('0 3 * * *', '2026-05-01T12:00:00Z', '2026-05-01T12:00:00Z', 'Asia/Tokyo'),
      '2026-05-01T18:00:00.000Z'
    )
  })

  it('runs a daily task once on the day that loses its hour', () => {
    const first = next('30 2 * * *', '2026-03-28T12:00:00Z')
    assert.equal(first, '2026-03-29T01:30:00.000Z')
    assert.equal(next('30 2 * * *', first), '2026-03-30T00:30:00.000Z')
  })

  it('runs a daily task once on the day that has its hour twice', () => {
    const first = next('30 2 * * *', '2026-10-24T12:00:00Z')
    assert.equal(first, '2026-10-25T00:30:00.000Z')
    assert.equal(next('30 2 * * *', first), '2026-10-26T01:30:00.000Z')
  })

  it('gives no occurrence twice when the clock was set back during the run', () => {
    assert.equal(
      next('0 * * * *', '2026-05-01T12:00:00.050Z', '2026-05-01T11:59:59Z'),
      '2026-05-01T13:00:00.000Z'
    )
  })
})
