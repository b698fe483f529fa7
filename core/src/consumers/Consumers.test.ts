import assert from 'node:assert/strict'
import type { FeedChange } from '@signalbox/plugin'
import { databases } from '../../../test/support/databases.ts'
import { migratedDatabase } from '../../../test/support/migratedDatabase.ts'
import { until } from '../../../test/support/until.ts'
import type { Database } from '../data/Database.ts'
import { Feed } from '../feed/Feed.ts'
import { maintainPartitions } from '../feed/partitions.ts'
import { recordChange } from '../feed/recordChange.ts'
import { joinNodes } from '../nodes/joinNodes.ts'
import type { Node } from '../nodes/Node.ts'
import { Consumers } from './Consumers.ts'

for (const { name, open } of databases) {
  describe(`A consumer of the feed, on ${name}`, function () {
    this.timeout(30_000)
    let database: Database
    let close: () => Promise<void>
    let node: Node
    let feed: Feed
    let consumers: Consumers
    let complaints: object[]

    before(async function () {
      ;({ database, close } = await migratedDatabase(open, this))
    })

    beforeEach(async () => {
      complaints = []
      const log = {
        debug() {},
        info() {},
        warn() {},
        error: (details: object) => void complaints.push(details)
      }
      const { knex } = database
      node = await joinNodes({ database, instance: 'test', log })
      feed = new Feed({ knex, log, retentionDays: 30, node })
      await feed.open()
      await feed.start()
      consumers = new Consumers({ feed, knex, leases: node.leases, log })
    })

    afterEach(async () => {
      await node.close()
      await feed.stop()
    })

    after(() => close?.())

    const write = async (...ids: string[]): Promise<void> => {
      for (const id of ids)
        await recordChange(database.knex, {
          resource: 'things',
          recordId: id,
          action: 'created',
          record: { id }
        })
      feed.wake()
      await feed.drain()
    }

    const idsOf = (changes: readonly FeedChange[]): string[] => changes.map(({ recordId }) => recordId)

    it('begins at the feed’s end, and goes on where it was after a restart', async () => {
      await write('before')
      const taken: FeedChange[] = []
      const take = async (change: FeedChange): Promise<void> => void taken.push(change)
      const stop = await consumers.add('lasting', take)
      await write('a', 'b')
      await until('both', () => taken.length === 2)
      await stop()
      await write('c')
      const again = await consumers.add('lasting', take)
      await until('the third', () => taken.length === 3)
      assert.deepEqual(idsOf(taken), ['a', 'b', 'c'])
      assert.ok(!('scopesAfter' in taken[0]!))
      await again()
    })

    it('gets a change again until it takes it, and says meanwhile how far behind it is and why', async () => {
      const taken: FeedChange[] = []
      let isBroken = true
      const stop = await consumers.add('stubborn', async (change) => {
        if (isBroken && change.recordId === 'e') throw new Error('no room')
        taken.push(change)
      })
      await write('d', 'e', 'f')
      await until('its complaint', async () => (await consumers.status())[0]?.error === 'no room')
      const [status] = await consumers.status()
      assert.ok((status?.lag ?? 0) >= 2)
      isBroken = false
      await until('the rest', () => taken.length === 3)
      assert.deepEqual(idsOf(taken), ['d', 'e', 'f'])
      await until('no lag', async () => (await consumers.status())[0]?.lag === 0)
      assert.equal((await consumers.status())[0]?.error, undefined)
      await stop()
    })

    it('is told of by the log where changes are gone that it had not taken', async () => {
      const stop = await consumers.add('late', async () => {})
      await stop()
      await write('lost', 'lost too')
      const { last } = await feed.range()
      await maintainPartitions(database.knex, 30, new Date(Date.now() + 40 * 86_400_000))
      await maintainPartitions(database.knex, 30)
      await write('kept')
      const taken: FeedChange[] = []
      const again = await consumers.add('late', async (change) => void taken.push(change))
      await until('the one that is kept', () => taken.length === 1)
      assert.deepEqual(complaints, [{ consumer: 'late', from: last - 1, to: last }])
      await again()
    })
  })
}
