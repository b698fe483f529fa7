import assert from 'node:assert/strict'
import { RateLimit } from './RateLimit.ts'

/** How many of so many tries at once are let through. */
function passed(limit: RateLimit, caller: string, tries: number): number {
  return Array.from({ length: tries }, () => limit.take(caller)).filter((wait) => wait === 0).length
}

describe('RateLimit', () => {
  it('lets a burst through at once, and then what flows in', () => {
    let now = 0
    const limit = new RateLimit({ perSecond: 100, burst: 200, now: () => now })
    assert.equal(passed(limit, 'kim', 300), 200)
    now += 1000
    assert.equal(passed(limit, 'kim', 300), 100)
    now += 60_000
    assert.equal(passed(limit, 'kim', 300), 200)
  })

  it('sustains its rate for as long as it is kept to', () => {
    let now = 0
    const limit = new RateLimit({ perSecond: 100, burst: 1, now: () => now })
    for (let request = 0; request < 10_000; request++, now += 10) assert.equal(limit.take('kim'), 0)
  })

  it('says how long to wait, and is right', () => {
    let now = 0
    const limit = new RateLimit({ perSecond: 4, burst: 2, now: () => now })
    assert.equal(passed(limit, 'kim', 2), 2)
    const wait = limit.take('kim')
    assert.equal(wait, 250)
    now += wait - 1
    assert.notEqual(limit.take('kim'), 0)
    now += 1
    assert.equal(limit.take('kim'), 0)
  })

  it('counts nobody’s tries as another’s', () => {
    const limit = new RateLimit({ perSecond: 1, burst: 5, now: () => 0 })
    assert.equal(passed(limit, 'kim', 9), 5)
    assert.equal(passed(limit, 'sam', 9), 5)
  })

  it('remembers no more callers than it was told to, the quiet ones least', () => {
    const limit = new RateLimit({ perSecond: 1, burst: 1, callers: 3, now: () => 0 })
    assert.equal(limit.take('kim'), 0)
    for (let other = 0; other < 1000; other++) {
      limit.take(`other ${other}`)
      assert.notEqual(limit.take('kim'), 0)
    }
    assert.equal(limit.take('other 0'), 0)
  })
})
