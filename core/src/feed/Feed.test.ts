import assert from 'node:assert/strict'
import type { Knex } from 'knex'
import fc from 'fast-check'
import { databases } from '../../../test/support/databases.ts'
import { migratedDatabase } from '../../../test/support/migratedDatabase.ts'
import { until } from '../../../test/support/until.ts'
import type { Database } from '../data/Database.ts'
import { createUnitsOfWork, type UnitsOfWork } from '../data/unitOfWork.ts'
import type { Change } from './Change.ts'
import { Feed } from './Feed.ts'
import { maintainPartitions } from './partitions.ts'
import { recordChange } from './recordChange.ts'

const log = { debug() {}, info() {}, warn() {}, error() {} }

for (const { name, open } of databases) {
  describe(`The change feed, on ${name}`, function () {
    this.timeout(60_000)
    let database: Database
    let close: () => Promise<void>
    let units: UnitsOfWork
    let feed: Feed
    let heard: Change[]

    before(async function () {
      ;({ database, close } = await migratedDatabase(open, this))
      units = createUnitsOfWork(database.knex)
    })

    beforeEach(async () => {
      heard = []
      feed = new Feed({ knex: database.knex, log, retentionDays: 30 })
      await feed.start()
      feed.listen((change) => void heard.push(change))
    })

    afterEach(() => feed.stop())

    after(() => close?.())

    const change = (db: Knex, recordId: string): Promise<void> =>
      recordChange(db, { resource: 'things', recordId, action: 'created', record: { id: recordId } })

    const commit = (...ids: string[]): Promise<void> =>
      units.run(async () => {
        for (const id of ids) await change(units.db(), id)
        units.afterCommit(feed.wake)
      })

    it('tells committed changes in order, numbered without a gap', async () => {
      const { last } = await feed.range()
      await commit('a', 'b')
      await commit('c')
      await feed.drain()
      assert.deepEqual(
        heard.map(({ recordId }) => recordId),
        ['a', 'b', 'c']
      )
      assert.deepEqual(
        heard.map(({ seq }) => seq),
        [last + 1, last + 2, last + 3]
      )
      assert.deepEqual(await feed.read(last, 10), heard)
    })

    it('tells nothing of a unit of work that was rolled back', async () => {
      await assert.rejects(
        units.run(async () => {
          await change(units.db(), 'gone')
          units.afterCommit(feed.wake)
          throw new Error('no')
        }),
        /no/
      )
      await commit('kept')
      await feed.drain()
      assert.deepEqual(
        heard.map(({ recordId }) => recordId),
        ['kept']
      )
    })

    it('keeps nothing of a unit in which a joined part failed, though its error was caught', async () => {
      await assert.rejects(
        units.run(async () => {
          await change(units.db(), 'outer')
          await units.run(() => Promise.reject(new Error('inner'))).catch(() => {})
          units.afterCommit(feed.wake)
        }),
        /none of it was kept/
      )
      await feed.drain()
      assert.deepEqual(heard, [])
    })

    it('gives each number once when two number at the same time', async () => {
      const other = new Feed({ knex: database.knex, log, retentionDays: 30 })
      await other.start()
      other.listen((one) => void heard.push(one))
      try {
        const { last } = await feed.range()
        const wakeBoth = async (id: string): Promise<void> => {
          await commit(id)
          other.wake()
        }
        await Promise.all(Array.from({ length: 100 }, (_, n) => wakeBoth(`both-${n}`)))
        await Promise.all([feed.drain(), other.drain()])
        assert.deepEqual(
          heard.map(({ seq }) => seq).toSorted((one, two) => one - two),
          Array.from({ length: 100 }, (_, n) => last + 1 + n)
        )
      } finally {
        await other.stop()
      }
    })

    it('tells what an earlier life committed and did not announce', async () => {
      await feed.stop()
      await units.run(() => change(units.db(), 'left behind'))
      const later = new Feed({ knex: database.knex, log, retentionDays: 30 })
      later.listen((one) => void heard.push(one))
      await later.start()
      assert.deepEqual(
        heard.map(({ recordId }) => recordId),
        ['left behind']
      )
      await later.stop()
    })

    // The embedded database has one connection: there, no transaction can overtake another.
    const overtaking = name === 'Postgres' ? it : () => undefined
    overtaking('does not step over a slow transaction that others overtake', async () => {
      let finish = (): void => {}
      const open = new Promise<void>((resolve) => (finish = resolve))
      const slow = units.run(async () => {
        await change(units.db(), 'slow')
        units.afterCommit(feed.wake)
        await open
      })
      await commit('fast')
      await until('the fast change', () => heard.some(({ recordId }) => recordId === 'fast'))
      finish()
      await slow
      await feed.drain()
      assert.deepEqual(
        heard.map(({ recordId }) => recordId),
        ['fast', 'slow']
      )
      assert.equal((heard[1]?.seq ?? 0) - (heard[0]?.seq ?? 0), 1)
    })

    it('numbers any mixture of concurrent units without a gap, each record in its own order', async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.array(fc.constantFrom('x', 'y', 'z'), { minLength: 1, maxLength: 4 }), {
            maxLength: 12
          }),
          async (sets) => {
            heard = []
            const { last } = await feed.range()
            await Promise.all(sets.map((ids) => commit(...ids)))
            await until('every change', () => heard.length === sets.flat().length)
            assert.deepEqual(
              heard.map(({ seq }) => seq),
              sets.flat().map((_, n) => last + 1 + n)
            )
          }
        ),
        { numRuns: 15 }
      )
    })

    it('goes on after a listener threw', async () => {
      feed.listen(() => {
        throw new Error('listener')
      })
      await commit('one', 'two')
      await feed.drain()
      assert.deepEqual(
        heard.map(({ recordId }) => recordId),
        ['one', 'two']
      )
    })

    it('drops whole days past their retention, and says from where it is kept', async () => {
      await commit('old')
      await feed.drain()
      const { last } = await feed.range()
      await maintainPartitions(database.knex, 30, new Date(Date.now() + 40 * 86_400_000))
      assert.deepEqual(await feed.range(), { first: last + 1, last })
      await maintainPartitions(database.knex, 30)
      await commit('new')
      await feed.drain()
      assert.equal(heard.at(-1)?.seq, last + 1)
    })
  })
}
