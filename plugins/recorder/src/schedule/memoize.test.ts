import assert from 'node:assert/strict'
import { memoize } from './memoize.ts'

describe('memoize', () => {
  it('makes a value once, and forgets the one least recently asked for', () => {
    const made: string[] = []
    const upper = memoize((key: string) => (made.push(key), key.toUpperCase()), { limit: 2 })

    assert.deepEqual(['a', 'b', 'a', 'c', 'a', 'b'].map(upper), ['A', 'B', 'A', 'C', 'A', 'B'])
    assert.deepEqual(made, ['a', 'b', 'c', 'b'])
  })

  it('asks again what has thrown', () => {
    let calls = 0
    const failing = memoize(
      (key: string) => {
        calls += 1
        throw new Error(key)
      },
      { limit: 2 }
    )
    assert.throws(() => failing('a'), /a/)
    assert.throws(() => failing('a'), /a/)
    assert.equal(calls, 2)
  })
})
