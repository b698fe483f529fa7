import assert from 'node:assert/strict'
import { requireShallow } from './requireShallow.ts'

const nested = (levels: number): unknown =>
  JSON.parse(`${'{"a":['.repeat(levels / 2)}${']}'.repeat(levels / 2)}`)

describe('The depth of what is sent', () => {
  it('is at most 64 levels', () => {
    for (const value of [undefined, null, 5, 'text', {}, [], nested(64)]) requireShallow(value)
    for (const levels of [66, 1000, 200_000])
      assert.throws(() => requireShallow(nested(levels)), {
        kind: 'invalid',
        message: /deeper than 64 levels/
      })
  })
})
