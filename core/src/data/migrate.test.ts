import assert from 'node:assert/strict'
import { join } from 'node:path'
import { createDatabaseOrSkip } from '../../../test/support/postgres.ts'
import { startProgram } from '../../../test/support/program.ts'
import { temporaryDirectory } from '../../../test/support/temporaryDirectory.ts'
import type { Database } from './Database.ts'
import type { Migration } from '@signalbox/plugin'
import { migrate, pending } from './migrate.ts'
import { openDatabase } from './openDatabase.ts'

interface Opened {
  database: Database
  url?: string
  readonly remove: () => Promise<void>
}

const openers: Record<Database['kind'], (context: Mocha.Context) => Promise<Opened>> = {
  async embedded() {
    const { path, remove } = await temporaryDirectory()
    return { database: await openDatabase({ directory: join(path, 'database') }), remove }
  },
  async postgres(context) {
    const { url, drop } = await createDatabaseOrSkip(context)
    return { database: await openDatabase({ url, directory: '', poolSize: 3 }), url, remove: drop }
  }
}

const creates = (table: string): Migration => ({
  name: `create ${table}`,
  up: (knex) => knex.schema.createTable(table, (columns) => void columns.increments('id'))
})

for (const [kind, open] of Object.entries(openers)) {
  describe(`migrate (${kind})`, function () {
    this.timeout(60_000)
    let opened: Opened | undefined
    let database: Database

    before(async function () {
      opened = await open(this)
      database = opened.database
    })
    beforeEach(() => database.knex.raw('drop schema public cascade; create schema public'))
    after(async () => {
      await database?.close()
      await opened?.remove()
    })

    const has = (table: string) => database.knex.schema.hasTable(table)

    it('applies sets in the order given, once', async () => {
      const order: string[] = []
      const noted = (name: string): Migration => ({ name, up: async () => void order.push(name) })
      const sets = [
        { owner: 'core', migrations: [noted('b'), noted('a')] },
        { owner: 'recorder', migrations: [noted('c')] }
      ]
      assert.deepEqual(await pending(database, sets), ['core/b', 'core/a', 'recorder/c'])
      assert.deepEqual(await migrate(database, sets), ['core/b', 'core/a', 'recorder/c'])
      assert.deepEqual(await migrate(database, sets), [])
      assert.deepEqual(await pending(database, sets), [])
      assert.deepEqual(order, ['b', 'a', 'c'])
    })

    it('keeps the migrations of one name apart by owner', async () => {
      const applied = await migrate(database, [
        { owner: 'one', migrations: [{ name: 'initial', up: async () => {} }] },
        { owner: 'two', migrations: [{ name: 'initial', up: async () => {} }] }
      ])
      assert.deepEqual(applied, ['one/initial', 'two/initial'])
    })

    it('keeps nothing of a migration that fails, and names it and its owner', async () => {
      const failing: Migration = {
        name: 'half way',
        async up(knex) {
          await creates('half').up(knex)
          await knex.raw('select * from nowhere')
        }
      }
      const sets = [{ owner: 'coaster', migrations: [creates('first'), failing, creates('third')] }]
      await assert.rejects(migrate(database, sets), {
        code: 'MIGRATION_FAILED',
        message: /half way of coaster failed .*nowhere.*nothing of it was kept/
      })
      assert.deepEqual([await has('first'), await has('half'), await has('third')], [true, false, false])
      assert.deepEqual(await pending(database, sets), ['coaster/half way', 'coaster/create third'])
      const mended = [{ owner: 'coaster', migrations: [creates('first'), creates('half'), creates('third')] }]
      assert.deepEqual(await migrate(database, mended), ['coaster/create half', 'coaster/create third'])
    })

    it('runs what Postgres refuses in a transaction outside of one', async () => {
      const index: Migration = {
        name: 'index',
        transaction: false,
        up: (knex) => knex.raw('create index concurrently on visitors (id)')
      }
      const sets = [{ owner: 'core', migrations: [creates('visitors'), index] }]
      assert.equal((await migrate(database, sets)).length, 2)
    })

    it('asks for a backup once, before the first change to a database that is not new', async () => {
      const seen: boolean[] = []
      let asked = 0
      const options = { beforeFirst: async () => void asked++ }
      const first = [{ owner: 'core', migrations: [creates('one')] }]
      const next = [
        {
          owner: 'core',
          migrations: [
            creates('one'),
            { name: 'two', up: async () => void seen.push(asked === 1) },
            { name: 'three', up: async () => void seen.push(asked === 1) }
          ]
        }
      ]
      await migrate(database, first, options)
      await migrate(database, first, options)
      assert.equal(asked, 0)
      await migrate(database, next, options)
      await migrate(database, next, options)
      assert.deepEqual({ asked, seen }, { asked: 1, seen: [true, true] })
    })

    it('changes nothing when the backup fails', async () => {
      await migrate(database, [{ owner: 'core', migrations: [creates('one')] }])
      const sets = [{ owner: 'core', migrations: [creates('one'), creates('two')] }]
      const beforeFirst = () => Promise.reject(new Error('disk full'))
      await assert.rejects(migrate(database, sets, { beforeFirst }), /disk full/)
      assert.equal(await has('two'), false)
    })

    it('only warns of applied migrations that are gone from the sets', async () => {
      const warnings: object[] = []
      const silent = () => undefined
      const log = { info: silent, error: silent, warn: (details: object) => void warnings.push(details) }
      await migrate(database, [{ owner: 'gone', migrations: [creates('one')] }])
      assert.deepEqual(await migrate(database, [], { log }), [])
      assert.deepEqual(warnings, [{ migrations: ['gone/create one'] }])
    })

    it('leaves the limits of its connection as they were', async () => {
      const limit = async () => (await database.knex.raw('show statement_timeout')).rows
      const before = await limit()
      await migrate(database, [{ owner: 'core', migrations: [creates('one')] }])
      assert.deepEqual(await limit(), before)
    })
  })
}

describe('migrate in many processes', function () {
  this.timeout(60_000)

  const migrator = (url: string, body: string) => `
    import { migrate } from ${JSON.stringify(new URL('./migrate.ts', import.meta.url).href)}
    import { openDatabase } from ${JSON.stringify(new URL('./openDatabase.ts', import.meta.url).href)}
    const database = await openDatabase({ url: ${JSON.stringify(url)}, directory: '', poolSize: 2 })
    const migrations = ['a', 'b', 'c'].map((name) => ({ name, async up(knex) { ${body} } }))
    console.log(JSON.stringify(await migrate(database, [{ owner: 'core', migrations }])))
    await database.close()`

  it('applies each migration once when three start together', async function () {
    const { url, drop } = await createDatabaseOrSkip(this)
    const temporary = await temporaryDirectory()
    const text = migrator(
      url,
      "await knex.raw('select pg_sleep(0.1)'); await knex.schema.createTable('t_' + name, (t) => t.increments())"
    )
    const programs = await Promise.all(
      ['p1', 'p2', 'p3'].map((name) => startProgram(temporary.path, name, text))
    )
    assert.deepEqual(await Promise.all(programs.map(({ ended }) => ended)), [0, 0, 0])
    const applied = programs.flatMap(({ lines }): string[] => JSON.parse(lines.join('')))
    assert.deepEqual(applied.sort(), ['core/a', 'core/b', 'core/c'])
    await drop()
    await temporary.remove()
  })

  it('leaves no lock behind when one is killed, and the next one goes on where it stopped', async function () {
    const { url, drop } = await createDatabaseOrSkip(this)
    const temporary = await temporaryDirectory()
    const stuck = "console.log('at ' + name); if (name === 'b') await knex.raw('select pg_sleep(1)')"
    const program = await startProgram(temporary.path, 'stuck', migrator(url, stuck))
    await program.line(/at b/)
    program.child.kill('SIGKILL')
    assert.equal(await program.ended, 'SIGKILL')
    const next = await startProgram(temporary.path, 'next', migrator(url, ''))
    assert.equal(await next.ended, 0)
    assert.deepEqual(next.lines, ['["core/b","core/c"]'])
    await drop()
    await temporary.remove()
  })
})
