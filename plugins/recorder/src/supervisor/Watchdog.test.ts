import assert from 'node:assert/strict'
import { HandClock } from './support.test.ts'
import { Watchdog } from './Watchdog.ts'

function setUp() {
  const clock = new HandClock()
  const watchdog = new Watchdog({ clock })
  let sign = 0
  let stalls = 0
  const unwatch = watchdog.watch({ stallAfterMs: 5_000, lastSign: () => sign, onStall: () => (stalls += 1) })
  return { clock, unwatch, giveSign: () => (sign = clock.monotonic()), stalls: () => stalls }
}

describe('Watchdog', () => {
  it('tells a stall once, and then rests', () => {
    const { clock, stalls } = setUp()
    clock.advance(4_999)
    assert.equal(stalls(), 0)
    clock.advance(10_000)
    assert.equal(stalls(), 1)
    assert.deepEqual(clock.pending, [])
  })

  it('is quiet while there are signs of life', () => {
    const { clock, giveSign, stalls } = setUp()
    for (let second = 0; second < 20; second += 1) {
      clock.advance(1_000)
      giveSign()
    }
    assert.equal(stalls(), 0)
  })

  it('trusts no tick that comes late: the signs of life may be unread', () => {
    const { clock, giveSign, stalls } = setUp()
    clock.advance(30_000, { late: true })
    assert.equal(stalls(), 0)
    giveSign()
    clock.advance(1_000)
    assert.equal(stalls(), 0)
  })

  it('leaves no timer when nothing is watched', () => {
    const { clock, unwatch } = setUp()
    unwatch()
    assert.deepEqual(clock.pending, [])
  })
})
