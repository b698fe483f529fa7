import assert from 'node:assert/strict'
import { readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type TemporaryDirectory, temporaryDirectory } from '../../../../test/support/temporaryDirectory.ts'
import { type EmbeddedDatabase, openEmbedded } from './openEmbedded.ts'
import { MAJOR_FILE } from './postgresMajor.ts'

const endless = 'select count(*) from generate_series(1, 1000000000000)'

/** Tries until it works, as a caller with patience would; mocha's time limit is the deadline. */
async function eventually<T>(attempt: () => Promise<T>): Promise<T> {
  try {
    return await attempt()
  } catch {
    await new Promise((resolve) => setTimeout(resolve, 50))
    return await eventually(attempt)
  }
}

describe('openEmbedded', function () {
  this.timeout(60_000)
  let temporary: TemporaryDirectory
  let directory: string
  let database: EmbeddedDatabase

  before(async () => {
    temporary = await temporaryDirectory()
    directory = join(temporary.path, 'database')
    database = await openEmbedded({ directory, watchdogMs: 1000 })
    await database.pool.query('create table kept (id int primary key, note text)')
  })
  after(async () => {
    await database.close()
    await temporary.remove()
  })

  it('keeps what was committed when it is closed and opened again', async () => {
    await database.pool.query(`insert into kept values (1, 'one')`)
    await database.close()
    assert.equal(database.state(), 'down')
    database = await openEmbedded({ directory, watchdogMs: 1000 })
    const { rows } = await database.pool.query('select note from kept where id = 1')
    assert.deepEqual(rows, [{ note: 'one' }])
  })

  it('refuses to open a directory twice', async () => {
    await assert.rejects(openEmbedded({ directory }), { code: 'DATA_DIRECTORY_LOCKED' })
    await database.pool.query('select 1')
  })

  it('lets queries wait for the open transaction', async () => {
    const client = await database.pool.connect()
    await client.query('begin')
    await client.query(`insert into kept values (2, 'two')`)
    const waiting = database.pool.query('select count(*) from kept where id = 2')
    await client.query('commit')
    client.release()
    assert.deepEqual((await waiting).rows, [{ count: 1 }])
  })

  it('gives a new connection none of the state of the one before', async () => {
    const client = await database.pool.connect()
    await client.query('begin')
    await client.query(`insert into kept values (3, 'left open')`)
    client.release(true)
    const { rows } = await database.pool.query('select count(*) from kept where id = 3')
    assert.deepEqual(rows, [{ count: 0 }])
  })

  it('carries values of megabytes', async () => {
    const text = 'x'.repeat(5_000_000)
    const { rows } = await database.pool.query('select length($1::text) as length, $1 as text', [text])
    assert.equal(rows[0].length, text.length)
    assert.equal(rows[0].text === text, true)
  })

  it('leaves the thread of its host free during a long statement', async () => {
    let longest = 0
    let last = performance.now()
    const timer = setInterval(() => {
      longest = Math.max(longest, performance.now() - last)
      last = performance.now()
    }, 5)
    await database.pool.query('select pg_sleep(0.7)')
    clearInterval(timer)
    assert.ok(longest < 400, `held up for ${longest} ms`)
  })

  it('answers a query under way with an error when its worker is lost, and serves again', async () => {
    await assert.rejects(database.pool.query(endless), { code: '57P01' })
    assert.equal(database.state(), 'down')
    const { rows } = await eventually(() => database.pool.query('select note from kept where id = 1'))
    assert.deepEqual(rows, [{ note: 'one' }])
    assert.equal(database.state(), 'up')
  })

  it('survives the loss of its worker inside a transaction, which is rolled back', async () => {
    const client = await database.pool.connect()
    await client.query('begin')
    await client.query(`insert into kept values (4, 'four')`)
    await assert.rejects(client.query(endless), { code: '57P01' })
    client.release()
    const { rows } = await eventually(() => database.pool.query('select count(*) from kept where id = 4'))
    assert.deepEqual(rows, [{ count: 0 }])
  })

  it('reclaims the space of dead rows', async () => {
    const size = async () => {
      const { rows } = await database.pool.query<{ size: number }>(
        `select pg_total_relation_size('churn') as size`
      )
      return rows[0]?.size ?? 0
    }
    await database.pool.query('create table churn as select n, n as m from generate_series(1, 5000) n')
    for (let round = 0; round < 3; round++) await database.pool.query('update churn set m = m + 1')
    await database.vacuum()
    const before = await size()
    for (let round = 0; round < 2; round++) await database.pool.query('update churn set m = m + 1')
    assert.equal(await size(), before, 'the updates should have used the reclaimed space')
  })

  it('refuses a directory that belongs to something else, and leaves it as it was', async () => {
    const foreign = await temporaryDirectory()
    await writeFile(join(foreign.path, 'thesis.txt'), 'years of work')
    await assert.rejects(openEmbedded({ directory: foreign.path }), { code: 'DATA_DIRECTORY_FOREIGN' })
    assert.deepEqual(await readdir(foreign.path), ['thesis.txt'])
    await foreign.remove()
  })

  it('refuses data of another major version of Postgres and says which', async () => {
    const old = await temporaryDirectory()
    await writeFile(join(old.path, MAJOR_FILE), '17\n')
    await assert.rejects(openEmbedded({ directory: old.path }), {
      code: 'DATA_DIRECTORY_MAJOR',
      message: /Postgres 17.*Postgres 18/
    })
    await old.remove()
  })

  it('refuses data that Postgres cannot read, and gives the lock back', async () => {
    const damaged = await temporaryDirectory()
    await writeFile(join(damaged.path, MAJOR_FILE), '18\n')
    for (let round = 0; round < 2; round++) {
      await assert.rejects(openEmbedded({ directory: damaged.path }), { code: 'DATA_DIRECTORY_UNREADABLE' })
    }
    await damaged.remove()
  })
})
