import assert from 'node:assert/strict'
import * as fc from 'fast-check'
import { compileCron } from './compileCron.ts'
import { lastMatch } from './lastMatch.ts'

const utc = (time: string) => Date.parse(`${time}Z`)

describe('lastMatch', () => {
  const table: [pattern: string, wall: string, last: string][] = [
    ['0 8 * * *', '2026-05-04T08:00', '2026-05-04T08:00'],
    ['0 8 * * *', '2026-05-04T07:59:59.999', '2026-05-03T08:00'],
    ['* * * 1 1 *', '2026-12-31T12:00', '2026-01-01T23:59:59'],
    ['0 0 29 2 *', '2027-06-01T00:00', '2024-02-29T00:00'],
    ['0 0 * 2 mon#5', '2043-06-01T00:00', '2016-02-29T00:00'],
    ['0 0 * 2 mon#5', '2112-02-01T00:00', '2072-02-29T00:00']
  ]
  for (const [pattern, wall, last] of table) {
    it(`finds ${last} for "${pattern}" at ${wall}`, () => {
      assert.equal(lastMatch(compileCron(pattern), utc(wall), utc('1970-01-01')), utc(last))
    })
  }

  it('does not look at or before `after`', () => {
    const daily = compileCron('0 8 * * *')
    assert.equal(lastMatch(daily, utc('2026-05-04T12:00'), utc('2026-05-04T08:00')), undefined)
    assert.equal(lastMatch(daily, utc('2026-05-04T12:00'), utc('2026-05-04T07:59')), utc('2026-05-04T08:00'))
  })

  it('asks for few matches, however many there are', () => {
    const cron = compileCron('* * * 1 1 *')
    let asked = 0
    const counting = { ...cron, next: (wall: number) => ((asked += 1), cron.next(wall)) }
    lastMatch(counting, utc('2026-12-31'), utc('1985-01-01'))
    assert.ok(asked < 60, `asked ${asked} times`)
  })

  it('finds what walking forward from `after` finds', () => {
    const field = (max: number) => fc.oneof(fc.constant('*'), fc.nat(max).map(String))
    const pattern = fc.tuple(field(59), field(23), field(6)).map(([m, h, d]) => `${m} ${h} * * ${d}`)
    const end = utc('2026-05-04')
    const hour = 3_600_000
    fc.assert(
      fc.property(pattern, fc.nat(24 * hour), fc.nat(40 * hour), (text, offset, distance) => {
        const cron = compileCron(text)
        const after = end + offset - distance
        let expected: number | undefined
        for (let at = cron.next(after); at !== undefined && at <= end + offset; at = cron.next(at))
          expected = at
        assert.equal(lastMatch(cron, end + offset, after), expected)
      }),
      { numRuns: 300 }
    )
  })
})
