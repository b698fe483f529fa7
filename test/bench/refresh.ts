import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { coreMigrations } from '../../core/src/data/coreMigrations.ts'
import { migrate } from '../../core/src/data/migrate.ts'
import { openDatabase } from '../../core/src/data/openDatabase.ts'
import { createUnitsOfWork } from '../../core/src/data/unitOfWork.ts'
import { Sessions } from '../../core/src/identity/Sessions.ts'
import { createDatabase } from '../support/postgres.ts'
import { temporaryDirectory } from '../support/temporaryDirectory.ts'
import { measure, rounds } from './measure.ts'
import type { Benchmark } from './Row.ts'

const clients = 64
const refreshes = 100

export const refresh: Benchmark = {
  name: 'refresh',
  about: `${clients} sessions exchange their refresh tokens one after the other, ${refreshes} times each, on Postgres
through the platform's pool: one statement each. Counted: at the end each session still lives, and its first token ends
it.`,
  run: async () => {
    const server = await createDatabase()
    const directory = await temporaryDirectory()
    const database = await openDatabase({ url: server.url, directory: directory.path })
    try {
      await migrate(database, [{ owner: 'core', migrations: coreMigrations }])
      await database.knex('core_users').insert({ id: 'kim', email: 'kim@example.org' })
      const sessions = new Sessions(createUnitsOfWork(database.knex), randomBytes(32))
      const results = await rounds(() => exchange(sessions))
      return [
        {
          what: 'refresh tokens exchanged, Postgres',
          values: results.map((seconds) => (clients * refreshes) / seconds),
          unit: '/s',
          allowed: { atLeast: 2000 }
        }
      ]
    } finally {
      await database.close()
      await server.drop()
      await directory.remove()
    }
  }
}

/** The seconds that all clients took together. */
async function exchange(sessions: Sessions): Promise<number> {
  const opened = await Promise.all(
    Array.from({ length: clients }, () => sessions.open('kim', 3600, { provider: undefined }))
  )
  const { seconds } = await measure(() =>
    Promise.all(
      opened.map(async ({ refreshToken }) => {
        let token = refreshToken
        for (let n = 0; n < refreshes; n++) token = (await sessions.rotate(token)).refreshToken
      })
    )
  )
  assert.equal((await sessions.list('kim')).length, clients)
  for (const { refreshToken } of opened) await assert.rejects(sessions.rotate(refreshToken))
  assert.deepEqual(await sessions.list('kim'), [])
  return seconds
}
