import assert from 'node:assert/strict'
import { setImmediate as nextTurn } from 'node:timers/promises'

/** Fails the suite that calls it where a promise is rejected that nobody handles. */
export function noUnhandledRejections(): void {
  const unhandled: unknown[] = []
  const hear = (reason: unknown): unknown => unhandled.push(reason)
  before(() => void process.on('unhandledRejection', hear))
  after(async () => {
    await nextTurn()
    process.off('unhandledRejection', hear)
    assert.deepEqual(unhandled, [])
  })
}
