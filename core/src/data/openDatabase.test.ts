import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import { Client, types } from 'pg'
import { createDatabaseOrSkip } from '../../../test/support/postgres.ts'
import { temporaryDirectory } from '../../../test/support/temporaryDirectory.ts'
import type { Database } from './Database.ts'
import { openDatabase } from './openDatabase.ts'

interface Opened {
  database: Database
  readonly remove: () => Promise<void>
}

const kinds: Record<string, (context: Mocha.Context) => Promise<Opened>> = {
  async embedded() {
    const { path, remove } = await temporaryDirectory()
    return { database: await openDatabase({ directory: join(path, 'database') }), remove }
  },
  async memory() {
    return { database: await openDatabase({ url: 'memory:', directory: '' }), remove: async () => {} }
  },
  async postgres(context) {
    const { url, drop } = await createDatabaseOrSkip(context)
    return { database: await openDatabase({ url, directory: '' }), remove: drop }
  }
}

for (const [kind, open] of Object.entries(kinds)) {
  describe(`openDatabase (${kind})`, function () {
    this.timeout(60_000)
    let opened: Opened | undefined
    let database: Database

    before(async function () {
      opened = await open(this)
      database = opened.database
      await database.knex.schema.createTable('people', (table) => {
        table.increments('id')
        table.text('name').unique()
        table.bigInteger('visits')
        table.timestamp('seen', { useTz: true })
        table.date('born')
        table.jsonb('tags')
        table.specificType('scores', 'bigint[]')
      })
    })
    after(async () => {
      await database?.close()
      await opened?.remove()
    })

    it('says what it is, which version it has and that it is up', () => {
      assert.equal(database.kind, kind === 'postgres' ? 'postgres' : 'embedded')
      assert.match(database.version, /^\d+\.\d+/)
      assert.equal(database.state(), 'up')
    })

    it('gives bigint as numbers, timestamptz as dates and date as text', async () => {
      const seen = new Date('2026-03-29T01:30:00.123Z')
      const row = {
        name: 'ada',
        visits: 2 ** 40,
        seen,
        born: '1815-12-10',
        tags: { a: [1] },
        scores: [1, 2 ** 35]
      }
      const [stored] = await database.knex('people').insert(row).returning(Object.keys(row))
      assert.deepEqual(stored, row)
      const counted = await database.knex('people').count({ count: '*' }).first()
      assert.deepEqual(counted, { count: 1 })
      assert.deepEqual((await database.pool.query('select count(*) from people')).rows, [{ count: 1 }])
    })

    it('leaves the types of other users of pg alone', () => {
      assert.equal(types.getTypeParser(types.builtins.INT8)('1'), '1')
    })

    it('reports a unique violation with its code and constraint', async () => {
      await assert.rejects(database.knex('people').insert({ name: 'ada' }), {
        code: '23505',
        constraint: 'people_name_unique'
      })
    })

    it('runs many transactions at once, and keeps nothing of one that fails', async () => {
      const names = Array.from({ length: 20 }, (_, index) => `guest ${index}`)
      const results = await Promise.allSettled(
        names.map((name, index) =>
          database.knex.transaction(async (transaction) => {
            await transaction('people').insert({ name })
            if (index % 2 === 1) throw new Error('changed my mind')
          })
        )
      )
      assert.equal(results.filter(({ status }) => status === 'fulfilled').length, 10)
      const rows = await database.knex('people').where('name', 'like', 'guest%')
      assert.equal(rows.length, 10)
    })

    it('can be vacuumed while it is in use', async () => {
      await Promise.all([database.vacuum(), database.knex('people').update({ visits: 1 })])
    })

    it('returns a connection once when it is released twice', async () => {
      const { client } = database.knex
      const connection = await client.acquireConnection()
      client.releaseConnection(connection)
      client.releaseConnection(connection)
      await Promise.all([database.knex.raw('select 1'), database.knex.raw('select 1')])
      assert.equal(database.pool.waitingCount, 0)
    })

    it('closes once, however often it is asked to', async () => {
      await Promise.all([database.close(), database.close()])
      await assert.rejects(database.pool.query('select 1'))
    })
  })
}

describe('openDatabase in memory', function () {
  this.timeout(60_000)

  it('is another database each time, and leaves nothing open', async () => {
    const ports = (): number =>
      process.getActiveResourcesInfo().filter((type) => type === 'MessagePort').length
    const before = ports()
    const [one, other] = await Promise.all([1, 2].map(() => openDatabase({ url: 'memory:', directory: '' })))
    await one!.pool.query('create table only_here (id int)')
    await assert.rejects(other!.pool.query('select from only_here'), { code: '42P01' })
    await one!.close()
    assert.equal(one!.state(), 'down')
    assert.deepEqual((await other!.pool.query('select 1 as one')).rows, [{ one: 1 }])
    await other!.close()
    assert.equal(ports(), before)
  })
})

describe('openDatabase with a url', () => {
  it('outlives connections that the server ends, idle or in use', async function () {
    const { url, drop } = await createDatabaseOrSkip(this)
    const database = await openDatabase({ url, directory: '' })
    const kill =
      'select pg_terminate_backend(pid) from pg_stat_activity where application_name = $1 and pid <> pg_backend_pid()'
    const admin = new Client({ connectionString: url })
    await admin.connect()

    const held = await database.pool.connect()
    const lost = [database.pool, held].map((emitter) => once(emitter, 'error'))
    await database.pool.query('select 1')
    await admin.query(kill, ['signalbox'])
    await Promise.all(lost)
    held.release()
    assert.deepEqual((await database.pool.query('select 1 as one')).rows, [{ one: 1 }])
    assert.equal(database.state(), 'up')

    await admin.end()
    await database.close()
    await drop()
  })

  it('limits a statement to a minute', async function () {
    const { url, drop } = await createDatabaseOrSkip(this)
    const database = await openDatabase({ url, directory: '' })
    const { rows } = await database.pool.query('show statement_timeout')
    assert.deepEqual(rows, [{ statement_timeout: '1min' }])
    await database.close()
    await drop()
  })

  it('lets go of what a platform held that has vanished', async function () {
    const { url, drop } = await createDatabaseOrSkip(this)
    const database = await openDatabase({ url, directory: '' })
    for (const [name, value] of [
      ['idle_in_transaction_session_timeout', '15s'],
      ['tcp_keepalives_idle', '60'],
      ['tcp_keepalives_interval', '10'],
      ['tcp_keepalives_count', '6']
    ])
      assert.deepEqual((await database.pool.query(`show ${name}`)).rows, [{ [name as string]: value }])
    await database.close()
    await drop()
  })

  it('names the server that does not answer, and never the password', async () => {
    const url = 'postgres://operator:hunter2@127.0.0.1:1/site'
    await assert.rejects(openDatabase({ url, directory: '' }), (error: Error & { code?: string }) => {
      assert.equal(error.code, 'DATABASE_UNREACHABLE')
      assert.match(error.message, /127\.0\.0\.1:1\/site.*ECONNREFUSED/)
      assert.doesNotMatch(JSON.stringify([error, error.message, error.stack, error.cause]), /hunter2/)
      return true
    })
  })

  it('refuses a malformed url without repeating it', async () => {
    const url = 'postgres://operator:hunter2@site:not-a-port/x'
    await assert.rejects(openDatabase({ url, directory: '' }), (error: Error & { code?: string }) => {
      assert.equal(error.code, 'DATABASE_URL_INVALID')
      assert.equal(error.cause, undefined)
      assert.doesNotMatch(`${error.message} ${error.stack}`, /hunter2/)
      return true
    })
  })

  it('gives up on a server that hangs up at once', async () => {
    const sockets = new Set<Socket>()
    const server = createServer((socket) => {
      sockets.add(socket)
      socket.on('error', () => undefined)
      socket.once('data', () => socket.destroy())
    })
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve)
    })
    const address = server.address()
    assert.ok(address !== null && typeof address === 'object')
    const { port } = address
    await assert.rejects(openDatabase({ url: `postgres://u@127.0.0.1:${port}/d`, directory: '' }), {
      code: 'DATABASE_UNREACHABLE'
    })
    assert.ok(sockets.size > 0)
    await new Promise((resolve) => {
      server.close(resolve)
    })
  })
})
