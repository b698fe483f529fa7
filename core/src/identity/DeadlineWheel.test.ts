import assert from 'node:assert/strict'
import { DeadlineWheel } from './DeadlineWheel.ts'

describe('DeadlineWheel', () => {
  let now: number
  let handed: string[]
  let wheel: DeadlineWheel<string>

  beforeEach(() => {
    now = 10_000
    handed = []
    wheel = new DeadlineWheel({ due: (item) => handed.push(item), stepMs: 100, now: () => now })
    // The tests turn it themselves.
    wheel.close()
  })

  const turnAt = (at: number): string[] => {
    now = at
    wheel.turn()
    return handed.splice(0)
  }

  it('hands an item over once, not before its time and at most a step late', () => {
    wheel.set('a', 10_250)
    assert.deepEqual(turnAt(10_249), [])
    assert.deepEqual(turnAt(10_299), [])
    assert.deepEqual(turnAt(10_300), ['a'])
    assert.deepEqual(turnAt(20_000), [])
    assert.equal(wheel.size, 0)
  })

  it('keeps the last deadline of an item, and none that was deleted', () => {
    wheel.set('a', 10_100)
    wheel.set('a', 10_500)
    wheel.set('b', 10_100)
    wheel.delete('b')
    assert.deepEqual(turnAt(10_400), [])
    assert.deepEqual(turnAt(10_500), ['a'])
  })

  it('catches up in order after the clock has jumped, and with what was due already', () => {
    wheel.set('late', 90_000)
    wheel.set('early', 20_000)
    wheel.set('past', 1)
    assert.deepEqual(turnAt(100_000), ['past', 'early', 'late'])
  })

  it('lets what it hands an item to set it again', () => {
    const again = new DeadlineWheel<string>({
      due: (item) => {
        handed.push(item)
        if (handed.length < 3) again.set(item, now)
      },
      stepMs: 100,
      now: () => now
    })
    again.close()
    again.set('a', 10_000)
    for (let turns = 0; turns < 5; turns++) again.turn()
    assert.deepEqual(handed, ['a', 'a', 'a'])
  })

  it('carries ten thousand items on one timer', () => {
    for (let n = 0; n < 10_000; n++) wheel.set(String(n), 10_000 + n)
    assert.equal(wheel.size, 10_000)
    assert.equal(turnAt(20_000).length, 10_000)
  })
})
