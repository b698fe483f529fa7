import assert from 'node:assert/strict'
import { until } from '../../../test/support/until.ts'
import { LoopDelay } from './LoopDelay.ts'

describe('the delay of the event loop', () => {
  it('shows a stall, once, and is small without one', async () => {
    const delay = new LoopDelay()
    delay.start()
    const [quiet] = await until('samples', () => {
      const [median = 0, longest = 0] = delay.take([0.5, 1])
      return longest > 0 && [median]
    })
    assert.ok(quiet < 0.1)
    const begun = performance.now()
    while (performance.now() - begun < 150);
    const [longest = 0] = await until('the stall', () => {
      const read = delay.take([1])
      return (read[0] ?? 0) > 0.1 && read
    })
    assert.ok(longest >= 0.12 && longest < 5)
    assert.deepEqual(delay.take([0.5, 1]), [0, 0])
    delay.stop()
  })
})
