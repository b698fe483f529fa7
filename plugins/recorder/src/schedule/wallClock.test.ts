import assert from 'node:assert/strict'
import * as fc from 'fast-check'
import { instantOf, reachedAt, wallAt } from './wallClock.ts'

const paris = 'Europe/Paris'
const utc = (time: string) => Date.parse(`${time}Z`)

function same(actual: number, expected: string) {
  assert.equal(new Date(actual).toISOString(), new Date(utc(expected)).toISOString())
}

describe('the wall clock', () => {
  it('puts the skipped hour at the moment of the jump', () => {
    same(instantOf(paris, utc('2026-03-29T01:59:59')), '2026-03-29T00:59:59')
    same(instantOf(paris, utc('2026-03-29T02:00')), '2026-03-29T01:00')
    same(instantOf(paris, utc('2026-03-29T02:59')), '2026-03-29T01:00')
    same(instantOf(paris, utc('2026-03-29T03:30')), '2026-03-29T01:30')
  })

  it('puts the doubled hour in its first pass', () => {
    same(instantOf(paris, utc('2026-10-25T02:30')), '2026-10-25T00:30')
    same(instantOf(paris, utc('2026-10-25T03:00')), '2026-10-25T02:00')
    same(wallAt(paris, utc('2026-10-25T01:30')), '2026-10-25T02:30')
    same(reachedAt(paris, utc('2026-10-25T01:30')), '2026-10-25T02:59:59.999')
    same(reachedAt(paris, utc('2026-10-25T02:00')), '2026-10-25T03:00')
  })

  it('follows a zone that left out a day, and one that jumps at midnight by half an hour or more', () => {
    same(instantOf('Pacific/Apia', utc('2011-12-30T12:00')), '2011-12-30T10:00')
    same(instantOf('Africa/Cairo', utc('2026-04-24T00:00')), '2026-04-23T22:00')
    same(instantOf('Australia/Lord_Howe', utc('2026-10-04T02:15')), '2026-10-03T15:30')
  })

  it('refuses a zone that does not exist', () => {
    assert.throws(() => wallAt('Europe/Atlantis', 0), RangeError)
  })

  it('has reached a wall time exactly from its instant on', () => {
    const zones = fc.constantFrom(
      paris,
      'America/New_York',
      'Australia/Lord_Howe',
      'Africa/Cairo',
      'Asia/Kolkata'
    )
    const instants = fc.integer({ min: utc('2024-01-01') / 60_000, max: utc('2030-01-01') / 60_000 })
    const hours = fc.integer({ min: -300, max: 300 })
    fc.assert(
      fc.property(zones, instants, hours, (zone, minute, apart) => {
        const wall = (minute + apart) * 60_000
        const instant = minute * 60_000
        assert.equal(instantOf(zone, wall) <= instant, wall <= reachedAt(zone, instant))
      }),
      { numRuns: 2000 }
    )
  })

  it('shows what Intl shows', () => {
    const format = new Intl.DateTimeFormat('sv-SE', {
      timeZone: paris,
      dateStyle: 'short',
      timeStyle: 'medium'
    })
    fc.assert(
      fc.property(fc.integer({ min: utc('1980-01-01') / 1000, max: utc('2060-01-01') / 1000 }), (seconds) => {
        const shown = format.format(seconds * 1000).replace(' ', 'T')
        assert.equal(`${shown}.000Z`, new Date(wallAt(paris, seconds * 1000)).toISOString())
      }),
      { numRuns: 1000 }
    )
  })
})
