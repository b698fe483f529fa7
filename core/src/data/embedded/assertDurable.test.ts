import assert from 'node:assert/strict'
import { join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { temporaryDirectory } from '../../../../test/support/temporaryDirectory.ts'
import { assertDurable } from './assertDurable.ts'
import { DurableNodeFS } from './DurableNodeFS.ts'
import { openCluster } from './openCluster.ts'

describe('assertDurable', function () {
  this.timeout(60_000)

  it('accepts a database whose commits are synced, one sync a commit, and refuses one whose are not', async () => {
    const temporary = await temporaryDirectory()
    const directory = join(temporary.path, 'database')
    await (await openCluster(directory)).close()

    const durable = new DurableNodeFS(directory)
    const startParams = PGlite.defaultStartParams.filter((parameter) => parameter !== '-F')
    const synced = await PGlite.create({
      fs: durable,
      startParams: [...startParams, '-c', 'wal_sync_method=fsync']
    })
    await assertDurable(synced, durable)
    await synced.exec('create table t (id int)')
    const before = durable.syncs
    for (let id = 0; id < 10; id++) await synced.query('insert into t values ($1)', [id])
    assert.ok(durable.syncs - before >= 10, `${durable.syncs - before} syncs for 10 commits`)
    await synced.close()

    const careless = new DurableNodeFS(directory)
    const unsynced = await PGlite.create({ fs: careless })
    await assert.rejects(assertDurable(unsynced, careless), { code: 'DATA_DIRECTORY_NOT_DURABLE' })
    await unsynced.close()
    await temporary.remove()
  })
})
