import assert from 'node:assert/strict'
import { setImmediate as turn } from 'node:timers/promises'
import { CallQueue } from './CallQueue.ts'

const silent = { pause() {}, resume() {} }

describe('The calls of one socket', () => {
  it('run so many at once, the next when one has ended, and are refused past what may wait', async () => {
    const queue = new CallQueue({ inFlight: 2, waiting: 2, pauseAt: 9 }, silent)
    const begun: number[] = []
    const ends: (() => void)[] = []
    const call = (n: number) =>
      queue.run(() => {
        begun.push(n)
        return new Promise<number>((resolve) => ends.push(() => resolve(n)))
      })
    const [first] = [1, 2, 3, 4].map(call)
    await turn()
    assert.deepEqual(begun, [1, 2])
    await assert.rejects(call(5), { kind: 'tooManyRequests' })
    ends.shift()?.()
    assert.equal(await first, 1)
    assert.deepEqual(begun, [1, 2, 3])
    void call(6)
    queue.clear()
    ends.forEach((end) => end())
    await turn()
    assert.deepEqual(begun, [1, 2, 3])
  })

  it('go on after one that failed', async () => {
    const queue = new CallQueue({ inFlight: 1, waiting: 1, pauseAt: 9 }, silent)
    const failed = queue.run(() => Promise.reject(new Error('no')))
    const next = queue.run(async () => 'yes')
    await assert.rejects(failed, /no/)
    assert.equal(await next, 'yes')
    assert.equal(await queue.run(async () => 'again'), 'again')
  })

  it('stop the reading when many wait, and let it go on when half of them are done', async () => {
    const told: string[] = []
    const reading = { pause: () => void told.push('pause'), resume: () => void told.push('resume') }
    const queue = new CallQueue({ inFlight: 1, waiting: 9, pauseAt: 4 }, reading)
    const ends: (() => void)[] = []
    const calls = Array.from({ length: 6 }, () =>
      queue.run(() => new Promise<void>((resolve) => ends.push(resolve)))
    )
    assert.deepEqual(told, ['pause'])
    for (const n of [0, 1]) {
      await turn()
      ends[n]?.()
      await calls[n]
    }
    assert.deepEqual(told, ['pause'])
    await turn()
    ends[2]?.()
    await calls[2]
    assert.deepEqual(told, ['pause', 'resume'])
  })
})
