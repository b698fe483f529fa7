import assert from 'node:assert/strict'
import { startTestPlatform, type TestPlatform } from '../../../test/support/startTestPlatform.ts'
import { passwordWork } from './passwords.ts'

const tries = 5

describe('A log-in that fails', function () {
  this.timeout(60_000)
  let platform: TestPlatform

  before(async () => (platform = await startTestPlatform()))
  after(() => platform?.stop())

  /** What each of some tries makes argon2 compute, and what it is answered. */
  const distributionOf = async (account: object): Promise<{ work: number[]; answers: string[] }> => {
    const work: number[] = []
    const answers: string[] = []
    for (let n = 0; n < tries; n++) {
      const before = passwordWork()
      const { status, body } = await platform.api('POST', '/auth/login', {
        ...account,
        password: `guess ${n}`
      })
      work.push(passwordWork() - before)
      answers.push(`${status} ${JSON.stringify(body)}`)
    }
    return { work, answers: [...new Set(answers)] }
  }

  it('costs the same work and says the same, whether the account is known, unknown, without a password or suspended', async () => {
    const admin = await platform.admin()
    await admin.api('POST', '/users', { email: 'unset@example.org', username: 'unset' })
    const gone = { email: 'gone@example.org', password: 'correct horse battery', status: 'suspended' }
    await admin.api('POST', '/users', gone)
    const known = await distributionOf({ email: 'admin@example.org' })
    assert.deepEqual(
      known.work,
      Array.from({ length: tries }, () => 1)
    )
    assert.equal(known.answers.length, 1)
    for (const account of [
      { email: 'nobody@example.org' },
      { username: 'nobody' },
      { email: 'unset@example.org' },
      { username: 'unset' },
      { email: 'gone@example.org' }
    ]) {
      assert.deepEqual(await distributionOf(account), known, JSON.stringify(account))
    }
  })
})
