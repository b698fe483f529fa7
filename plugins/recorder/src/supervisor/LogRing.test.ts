import assert from 'node:assert/strict'
import { LogRing } from './LogRing.ts'

describe('LogRing', () => {
  it('keeps the newest lines', () => {
    const ring = new LogRing({ capacity: 3 })
    for (let count = 1; count <= 10; count += 1) ring.add(`line ${count}`)
    assert.deepEqual(ring.lines(), ['line 8', 'line 9', 'line 10'])
    assert.deepEqual(ring.lines(1), ['line 10'])
    assert.deepEqual(ring.lines(0), [])
  })

  it('folds repeats, and tells how many when something else comes', () => {
    const ring = new LogRing()
    assert.deepEqual(ring.add('a'), ['a'])
    assert.deepEqual(ring.add('a'), [])
    assert.deepEqual(ring.add('a'), [])
    assert.deepEqual(ring.lines(), ['a', '(last line repeated 2 times)'])
    assert.deepEqual(ring.add('b'), ['(last line repeated 2 times)', 'b'])
    assert.deepEqual(ring.lines(), ['a', '(last line repeated 2 times)', 'b'])
  })

  it('folds warnings that differ in their numbers only, and nothing else that does', () => {
    const ring = new LogRing()
    ring.add('[mp4 @ 0x1] [warning] Non-monotonous DTS; previous: 1, current: 1')
    assert.deepEqual(ring.add('[mp4 @ 0x1] [warning] Non-monotonous DTS; previous: 2, current: 1'), [])
    ring.add('frame 1 lost')
    assert.deepEqual(ring.add('frame 2 lost'), ['frame 2 lost'])
  })

  it('settles a series once', () => {
    const ring = new LogRing()
    ring.add('a')
    ring.add('a')
    assert.deepEqual(ring.settle(), ['(last line repeated 1 time)'])
    assert.deepEqual(ring.settle(), [])
  })
})
