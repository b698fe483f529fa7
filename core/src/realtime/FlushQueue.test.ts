import assert from 'node:assert/strict'
import { setImmediate as turn } from 'node:timers/promises'
import { until } from '../../../test/support/until.ts'
import { FlushQueue } from './FlushQueue.ts'

describe('The queue of what is flushed', () => {
  let flushed: string[][]
  let now: number
  /** What the next flushes take, in milliseconds. */
  let takes: number

  beforeEach(() => {
    flushed = []
    now = 1000
    takes = 0
  })

  const queueOf = (windowMs: number): FlushQueue<string> =>
    new FlushQueue({
      windowMs,
      now: () => now,
      flush: (items) => {
        flushed.push([...items])
        now += takes
      }
    })

  it('is flushed together, at the end of the turn', async () => {
    const queue = queueOf(60_000)
    queue.add('a')
    queue.add('b')
    queue.addPatient('c')
    assert.deepEqual(flushed, [])
    await turn()
    assert.deepEqual(flushed, [['a', 'b'], ['c']])
  })

  it('lets nothing wait while flushing takes no time', async () => {
    const queue = queueOf(60_000)
    for (const item of ['a', 'b', 'c']) {
      queue.addPatient(item)
      await turn()
    }
    assert.deepEqual(flushed, [['a'], ['b'], ['c']])
  })

  it('lets what may wait do so after a flush that took long, and nothing else', async () => {
    const queue = queueOf(60_000)
    takes = 1000
    queue.addPatient('a')
    await turn()
    queue.addPatient('b')
    queue.add('c')
    await turn()
    assert.deepEqual(flushed, [['a'], ['c']])
  })

  it('flushes what waits when the window is over, all of it together', async () => {
    const queue = queueOf(20)
    takes = 10
    queue.addPatient('a')
    await turn()
    queue.addPatient('b')
    queue.addPatient('c')
    await until('the rest', () => flushed.length === 2)
    assert.deepEqual(flushed, [['a'], ['b', 'c']])
  })

  it('lets nothing wait once the window is over, nor where there is none', async () => {
    const queue = queueOf(60_000)
    takes = 1000
    queue.addPatient('a')
    await turn()
    now += 60_000
    queue.addPatient('b')
    await turn()
    const without = queueOf(0)
    for (const item of ['c', 'd']) {
      without.addPatient(item)
      await turn()
    }
    assert.deepEqual(flushed, [['a'], ['b'], ['c'], ['d']])
  })
})
