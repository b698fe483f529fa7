import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { databases } from '../../../test/support/databases.ts'
import { temporaryDirectory, type TemporaryDirectory } from '../../../test/support/temporaryDirectory.ts'
import { coreMigrations } from '../data/coreMigrations.ts'
import type { Database } from '../data/Database.ts'
import { migrate } from '../data/migrate.ts'
import { openDatabase } from '../data/openDatabase.ts'
import { createUnitsOfWork } from '../data/unitOfWork.ts'
import { Sessions } from './Sessions.ts'

const origin = { provider: undefined, address: '192.0.2.7', userAgent: 'a test' } as const

for (const { name, open } of databases) {
  describe(`Sessions, on ${name}`, function () {
    this.timeout(60_000)
    let directory: TemporaryDirectory
    let database: Database
    let drop: () => Promise<void>
    let sessions: Sessions
    let ended: string[]
    let statements: number

    before(async function () {
      const fresh = await open(this)
      drop = fresh.drop
      directory = await temporaryDirectory()
      database = await openDatabase({ url: fresh.url, directory: `${directory.path}/database` })
      await migrate(database, [{ owner: 'core', migrations: coreMigrations }])
      await database.knex('core_users').insert({ id: 'kim', email: 'kim@example.org' })
      await database.knex('core_users').insert({ id: 'sam', email: 'sam@example.org' })
      database.knex.on('query', () => statements++)
      sessions = new Sessions(createUnitsOfWork(database.knex), randomBytes(32))
      sessions.onEnd((id) => ended.push(id))
    })

    beforeEach(() => {
      ended = []
      statements = 0
    })

    after(async () => {
      await database?.close()
      await drop?.()
      await directory?.remove()
    })

    const begin = () => sessions.open('kim', 3600, origin)
    const isOpen = async (id: string): Promise<boolean> => (await sessions.find(id)) !== undefined
    /** Lets the race window of a session's last rotation pass. */
    const letRacePass = (id: string): Promise<unknown> =>
      database
        .knex('core_sessions')
        .where({ id })
        .update({ rotated_at: database.knex.raw("now() - interval '11 seconds'") })
    const chainOf = async (token: string, length: number): Promise<string[]> => {
      const chain = [token]
      while (chain.length < length) chain.push((await sessions.rotate(chain.at(-1) as string)).refreshToken)
      return chain
    }

    it('rotates a token with one statement', async () => {
      const { refreshToken } = await begin()
      statements = 0
      await sessions.rotate(refreshToken)
      assert.equal(statements, 1)
    })

    it('ends a session in which any token of its chain but the last is used again', async () => {
      await fc.assert(
        fc.asyncProperty(fc.integer({ min: 2, max: 6 }), fc.nat(), async (length, choice) => {
          const { session, refreshToken } = await begin()
          const chain = await chainOf(refreshToken, length)
          await letRacePass(session.id)
          const spent = chain[choice % (length - 1)] as string
          await assert.rejects(sessions.rotate(spent), { kind: 'unauthorized' })
          assert.equal(await isOpen(session.id), false)
          await assert.rejects(sessions.rotate(chain.at(-1) as string), { kind: 'unauthorized' })
          assert.deepEqual(ended.splice(0), [session.id])
        }),
        { numRuns: 15 }
      )
    })

    it('gives all who race with one token the same next one, and grows no second branch', async () => {
      const { session, refreshToken } = await begin()
      const raced = await Promise.all(Array.from({ length: 8 }, () => sessions.rotate(refreshToken)))
      assert.equal(new Set(raced.map((one) => one.refreshToken)).size, 1)
      const { refreshToken: next } = raced[0] as (typeof raced)[number]
      assert.notEqual((await sessions.rotate(next)).refreshToken, next)
      assert.ok(await isOpen(session.id))
    })

    it('is ended by nobody who only knows its id', async () => {
      const { session, refreshToken } = await begin()
      const [, rest = ''] = refreshToken.split('.')
      for (const madeUp of [
        randomBytes(49).toString('base64url').slice(0, 65),
        rest.replace(/^./, (a) => (a === 'A' ? 'B' : 'A'))
      ]) {
        await assert.rejects(sessions.rotate(`${session.id}.${madeUp}`), { kind: 'unauthorized' })
      }
      assert.ok(await isOpen(session.id))
      assert.deepEqual(ended, [])
      await sessions.rotate(refreshToken)
    })

    it('lists a user’s live sessions, the last used first', async () => {
      await sessions.endAll('kim')
      const [one, other, third] = [await begin(), await begin(), await begin()]
      await sessions.open('sam', 3600, origin)
      const { refreshToken } = await sessions.rotate(one.refreshToken)
      await database.knex('core_sessions').where({ id: other.session.id }).update({ expires_at: new Date() })
      const listed = await sessions.list('kim')
      assert.deepEqual(
        listed.map(({ id }) => id),
        [one.session.id, third.session.id]
      )
      const [first] = listed
      assert.ok(first && first.lastUsedAt >= first.createdAt && first.expiresAt > first.lastUsedAt)
      assert.equal(first.address, origin.address)
      assert.equal(first.userAgent, origin.userAgent)
      assert.ok(!JSON.stringify(listed).includes(refreshToken.slice(40, 60)))
    })

    it('lets nobody end another’s session by its id', async () => {
      const { session } = await begin()
      assert.equal(await sessions.endOne('sam', session.id), false)
      assert.ok(await isOpen(session.id))
      assert.equal(await sessions.endOne('kim', session.id), true)
      assert.equal(await isOpen(session.id), false)
    })

    it('knows that a session lives on that a refresh has prolonged', async () => {
      const { session, refreshToken } = await begin()
      await database
        .knex('core_sessions')
        .where({ id: session.id })
        .update({ expires_at: new Date(Date.now() + 200) })
      const short = await sessions.find(session.id)
      assert.ok(short)
      await sessions.rotate(refreshToken)
      while (Date.now() <= short.expiresAt) await sessions.list('kim')
      assert.ok(await isOpen(session.id))
    })
  })
}
