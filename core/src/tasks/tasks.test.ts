import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { connect, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Pool } from 'pg'
import { createDatabaseOrSkip, type TestDatabase } from '../../../test/support/postgres.ts'
import type { Database } from '../data/Database.ts'
import { migrate } from '../data/migrate.ts'
import { openDatabase } from '../data/openDatabase.ts'
import { createUnitsOfWork } from '../data/unitOfWork.ts'
import { type ChildNode, type ChildOrders, startChild } from './childNode.test.ts'
import { Nodes, quick, until } from './support.test.ts'
import { taskMigrations } from './taskMigrations.ts'
import { tasksContract } from './tasks.contract.test.ts'

async function openMigrated(options: { url?: string; directory?: string }): Promise<Database> {
  const database = await openDatabase({ directory: '', ...options })
  await migrate(database, [{ owner: 'core', migrations: taskMigrations }])
  return database
}

function newDirectory(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'signalbox-tasks-'))
}

/** A wire to a server that can be cut and mended. */
async function startWire(target: string) {
  const to = new URL(target)
  const sockets = new Set<Socket>()
  let whole = true
  let refused = 0
  const server = createServer((socket) => {
    if (!whole) {
      refused += 1
      socket.destroy()
      return
    }
    const upstream = connect(Number(to.port), to.hostname)
    for (const end of [socket, upstream]) {
      sockets.add(end)
      end.on('error', () => {}).on('close', () => sockets.delete(end))
    }
    socket.pipe(upstream).pipe(socket)
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const address = server.address()
  assert(address !== null && typeof address === 'object')
  const url = new URL(target)
  url.port = String(address.port)

  return {
    url: url.href,
    refused: () => refused,
    cut() {
      whole = false
      for (const socket of sockets) socket.destroy()
    },
    mend() {
      whole = true
    },
    async close() {
      await new Promise((resolve) => {
        server.close(resolve)
      })
    }
  }
}

tasksContract('the embedded database', async () => {
  const directory = await newDirectory()
  const database = await openMigrated({ directory: join(directory, 'db') })
  return {
    store: database,
    async close() {
      await database.close()
      await rm(directory, { recursive: true })
    }
  }
})

tasksContract('a Postgres server', async (context) => {
  const empty = await createDatabaseOrSkip(context)
  const database = await openMigrated({ url: empty.url })
  return {
    store: database,
    async close() {
      await database.close()
      await empty.drop()
    }
  }
})

tasksContract('a MongoDB server', async (context) => {
  const url = process.env['MONGODB_URL']
  if (url === undefined) {
    console.log(
      '      not tested on MongoDB: set MONGODB_URL to a server with an empty database, mongodb://host/name'
    )
    return context.skip()
  }
  return { store: { kind: 'mongo', url }, async close() {} }
})

describe('tasks on SQL', () => {
  let database: TestDatabase
  let opened: Database[]
  let children: ChildNode[]
  let nodes: Nodes

  async function open(url = database.url): Promise<Database> {
    const one = await openMigrated({ url })
    opened.push(one)
    return one
  }

  function child(orders: ChildOrders): ChildNode {
    const one = startChild(orders)
    children.push(one)
    return one
  }

  beforeEach(async function () {
    this.timeout(60_000)
    opened = []
    children = []
    nodes = new Nodes()
    database = await createDatabaseOrSkip(this)
  })

  afterEach(async () => {
    await nodes.stopAll()
    for (const one of children) await one.kill()
    for (const one of opened) await one.close()
    await database.drop()
  })

  it('leaves no row of deferred work that is done, or that was given up', async () => {
    const store = await open()
    const tasks = await nodes.open({ store })
    tasks.handle('a', 'good', async () => {})
    tasks.handle('a', 'bad', () => Promise.reject(new Error('bad')))
    await tasks.start()
    await tasks.once('a', 'good', {})
    await tasks.once('a', 'bad', {})
    await until('giving up', () => nodes.log.includes('error', 'given up'))
    await until(
      'an empty table',
      async () => (await store.pool.query('select from core_tasks')).rowCount === 0
    )
  })

  it('defers as part of the unit of work', async () => {
    const store = await open()
    const units = createUnitsOfWork(store.knex)
    const tasks = await nodes.open({ store: { ...store, kind: 'postgres', units } })
    const ran: unknown[] = []
    tasks.handle('a', 'mail', async (payload) => void ran.push(payload))
    await tasks.start()
    const failing = units.run(async () => {
      await tasks.once('a', 'mail', 'rolled back')
      throw new Error('no')
    })
    await assert.rejects(failing)
    await units.run(async () => {
      await tasks.once('a', 'mail', 'kept')
    })
    await until('the run', () => ran.length > 0)
    assert.deepEqual(ran, ['kept'])
  })

  it('says so when the database is not there', async () => {
    const pool = new Pool({ connectionString: 'postgres://nobody@127.0.0.1:1/nothing' })
    const { knex } = await open()
    await assert.rejects(nodes.open({ store: { kind: 'postgres', pool, knex } }), {
      name: 'Unavailable',
      message:
        /^The task store cannot be used \(.*ECONNREFUSED.*\): see that its database runs and is migrated\.$/
    })
    await pool.end()
  })

  it('says so when the database is not migrated', async () => {
    const store = await openDatabase({ url: database.url, directory: '' })
    opened.push(store)
    await assert.rejects(nodes.open({ store }), { name: 'Unavailable', message: /core_tasks.* migrated/ })
  })

  it('repeats once what a killed node was running', async () => {
    const first = child({ url: database.url, runMs: 60_000 })
    await first.reached('ready')
    const store = await open()
    await first.reached('started')
    const { rows } = await store.pool.query<{ last_run_at: Date }>(
      `select last_run_at from core_tasks where name = 'child.tick'`
    )
    await first.kill()

    const runs: string[] = []
    for (const node of ['two', 'three']) {
      const tasks = await nodes.open({ store, node })
      await tasks.add('child', { name: 'tick', every: quick.pollMs, run: async () => void runs.push(node) })
      tasks.handle('child', 'work', async () => void runs.push('work'))
      await tasks.start()
    }
    await until('the repetition', () => runs.length === 1)
    const after = Date.now() - (rows[0]?.last_run_at.getTime() ?? 0)
    assert(after >= quick.lockMs, `${after} ms after the start of the killed one, so under its lock`)
    await until('the next run', () => runs.length === 2)
  }).timeout(30_000)

  it('repeats once the deferred work that a killed node was running', async () => {
    const store = await open()
    const asking = await nodes.open({ store })
    await asking.once('child', 'work', {})
    const first = child({ url: database.url, runMs: 60_000 })
    await first.reached('started')
    const runs: string[] = []
    for (const node of ['two', 'three']) {
      const tasks = await nodes.open({ store, node })
      tasks.handle('child', 'work', async () => void runs.push(node))
      await tasks.start()
    }
    await first.kill()
    await until('the repetition', () => runs.length === 1)
    const left = () => store.pool.query(`select from core_tasks where name = 'child.work'`)
    await until('its row is gone', async () => (await left()).rowCount === 0)
    assert.equal(runs.length, 1)
  }).timeout(30_000)

  it('lets six processes start at once', async () => {
    const six = Array.from({ length: 6 }, () => child({ url: database.url, runMs: 0 }))
    await Promise.all(six.map((one) => one.reached('ready')))
    const store = await open()
    const { rowCount } = await store.pool.query('select from core_tasks')
    assert.equal(rowCount, 11)
  }).timeout(60_000)

  it('goes on after the database was away, and logs that once', async () => {
    const wire = await startWire(database.url)
    const store = await open(wire.url)
    const tasks = await nodes.open({ store })
    let runs = 0
    await tasks.add('a', { name: 'tick', every: quick.pollMs, run: async () => void (runs += 1) })
    await tasks.start()
    await until('a run', () => runs === 1)
    wire.cut()
    await until('the outage is noticed', () => nodes.log.includes('error', 'does not answer'))
    await until('more looks', () => wire.refused() > 4)
    const seen = runs
    wire.mend()
    await until('a run', () => runs > seen)
    const outages = nodes.log.lines.filter(({ message }) =>
      message.includes('the task store does not answer')
    )
    assert.equal(outages.length, 1)
    assert(nodes.log.includes('info', 'the task store answers again'))
    await nodes.stopAll()
    await store.close()
    await wire.close()
  }).timeout(30_000)

  it('aborts a run whose lock another node took, and leaves the row to that one', async () => {
    const store = await open()
    const tasks = await nodes.open({ store })
    let reason: unknown
    let running = false
    const run = (signal: AbortSignal) =>
      new Promise<void>((_, reject) => {
        running = true
        signal.addEventListener('abort', () => {
          reason = signal.reason
          reject(new Error('aborted'))
        })
      })
    await tasks.add('a', { name: 'tick', every: quick.pollMs, run })
    await tasks.start()
    await until('the run', () => running)
    await store.pool.query(`update core_tasks set last_modified_by = 'another', locked_at = now()`)
    await until('the abort', () => reason)
    assert.match(String(reason), /was lost to another node/)
    await until('the end', async () => (await tasks.status()).running === 0)
    const { rows } = await store.pool.query('select last_modified_by, next_run_at from core_tasks')
    assert.deepEqual(rows, [{ last_modified_by: 'another', next_run_at: null }])
  })

  it('aborts a run whose lock cannot be renewed before it lapses', async () => {
    const wire = await startWire(database.url)
    const store = await open(wire.url)
    const tasks = await nodes.open({ store })
    let started = 0
    let aborted = 0
    const run = (signal: AbortSignal) =>
      new Promise<void>((_, reject) => {
        started = Date.now()
        signal.addEventListener('abort', () => {
          aborted = Date.now()
          reject(new Error('aborted'))
        })
      })
    await tasks.add('a', { name: 'tick', every: quick.pollMs, run })
    await tasks.start()
    await until('the run', () => started)
    wire.cut()
    await until('the abort', () => aborted)
    const late = aborted - started
    assert(late < quick.lockMs + 400, `aborted after ${late} ms`)
    wire.mend()
    await nodes.stopAll()
    await store.close()
    await wire.close()
  })

  it('asks the database one question at each look, however many tasks there are', async () => {
    const store = await open()
    let queries = 0
    const counted = Object.create(store.pool, {
      query: {
        value: (text: string, values: unknown[]) => {
          queries += 1
          return store.pool.query(text, values)
        }
      }
    })
    const watched = await nodes.open({ store: { ...store, kind: 'postgres', pool: counted } })
    for (let index = 0; index < 40; index += 1) {
      await watched.add('many', { name: `task${index}`, every: '0 0 29 2 *', run: async () => {} })
    }
    queries = 0
    const started = Date.now()
    await watched.start()
    await until('three looks', () => queries >= 3)
    const took = Date.now() - started
    assert(took > quick.pollMs * 1.8, `three queries in ${took} ms`)
  })

  it('frees at its start what a killed process left locked in the embedded database', async () => {
    const directory = await newDirectory()
    const first = child({ directory: join(directory, 'db'), runMs: 60_000 })
    await first.reached('started')
    await first.kill()

    const store = await openMigrated({ directory: join(directory, 'db') })
    opened.push(store)
    const tasks = await nodes.open({ store, timing: { ...quick, lockMs: 10_000 } })
    let runs = 0
    await tasks.add('child', { name: 'tick', every: '0 0 29 2 *', run: async () => void (runs += 1) })
    await tasks.start()
    await until('the interrupted run', () => runs === 1, 3000)
    await nodes.stopAll()
    await store.close()
    await rm(directory, { recursive: true })
  }).timeout(30_000)
})
