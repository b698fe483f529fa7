import assert from 'node:assert/strict'
import { hashPassword, passwordWork, verifyPassword } from './passwords.ts'

/** What argon2 was asked to compute meanwhile. */
async function workOf(act: () => Promise<unknown>): Promise<number> {
  const before = passwordWork()
  await act()
  return passwordWork() - before
}

describe('passwords', () => {
  it('takes the right one and no other', async () => {
    const stored = await hashPassword('correct horse battery')
    assert.match(stored, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
    assert.equal(await verifyPassword(stored, 'correct horse battery'), true)
    assert.equal(await verifyPassword(stored, 'correct horse batterz'), false)
    assert.equal(await verifyPassword(undefined, 'correct horse battery'), false)
    assert.equal(await verifyPassword(null, ''), false)
    assert.equal(await verifyPassword('no hash', 'correct horse battery'), false)
  })

  it('does the same work whether there is an account, a password or neither', async () => {
    const stored = await hashPassword('correct horse battery')
    for (const known of [stored, null, undefined]) {
      const counts = []
      for (let n = 0; n < 5; n++) counts.push(await workOf(() => verifyPassword(known, `guess ${n}`)))
      assert.deepEqual(counts, [1, 1, 1, 1, 1], String(known))
    }
  })

  it('refuses more than may wait, and goes on with those that do', async () => {
    const tries = await Promise.allSettled(Array.from({ length: 520 }, () => verifyPassword(undefined, 'x')))
    const refused = tries.filter(({ status }) => status === 'rejected')
    assert.equal(refused.length, 520 - 502)
    for (const { reason } of refused as PromiseRejectedResult[]) {
      assert.equal(reason.kind, 'tooManyRequests')
      assert.ok(reason.data.retryAfter > 0)
    }
    assert.equal(await workOf(() => verifyPassword(undefined, 'x')), 1)
  }).timeout(60_000)
})
