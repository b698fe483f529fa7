import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { HeldLease } from '@signalbox/plugin'
import { coreMigrations } from '../../core/src/data/coreMigrations.ts'
import { migrate } from '../../core/src/data/migrate.ts'
import { openDatabase } from '../../core/src/data/openDatabase.ts'
import { createUnitsOfWork } from '../../core/src/data/unitOfWork.ts'
import { joinNodes } from '../../core/src/nodes/joinNodes.ts'
import { startFreezableProxy, type FreezableProxy } from '../support/freezableProxy.ts'
import { nextEvent } from '../support/nextEvent.ts'
import { createDatabaseOrSkip, type TestDatabase } from '../support/postgres.ts'
import { startTestPlatform, type TestPlatform } from '../support/startTestPlatform.ts'
import { temporaryDirectory } from '../support/temporaryDirectory.ts'
import { until } from '../support/until.ts'

const log = { debug() {}, info() {}, warn() {}, error() {} }
const isLine = (application: string): boolean => application === 'signalbox line'

describe('A node on which silence falls', function () {
  this.timeout(60_000)
  let database: TestDatabase
  let proxy: FreezableProxy

  beforeEach(async function () {
    database = await createDatabaseOrSkip(this)
    proxy = await startFreezableProxy(database.url)
  })

  afterEach(async () => {
    await proxy?.stop()
    await database?.drop()
  })

  it('lets its lease go before another node has it', async () => {
    const directory = await temporaryDirectory()
    const near = await openDatabase({ url: database.url, directory: directory.path })
    const far = await openDatabase({ url: proxy.url, directory: directory.path })
    await migrate(near, [{ owner: 'core', migrations: coreMigrations }])
    const nodes = await Promise.all([
      joinNodes({ database: far, instance: 'far', log }),
      joinNodes({ database: near, instance: 'near', log })
    ])
    try {
      const order: string[] = []
      const hold =
        (name: string) =>
        async ({ signal, fence }: HeldLease) => {
          order.push(`${name} began with ${fence}`)
          await once(signal, 'abort')
          order.push(`${name} let go`)
        }
      await nodes[0].leases.take('stage', hold('far'), { lifeMs: 1500 })
      const lease = await nodes[1].leases.take('stage', hold('near'), { lifeMs: 1500 })
      proxy.freeze(() => true)
      const from = Date.now()
      await until('the other to begin', () => lease.held)
      console.log(`      taken over after ${Date.now() - from} ms, with leases of 1500 ms`)
      assert.deepEqual(order, ['far began with 1', 'far let go', 'near began with 2'])
    } finally {
      proxy.thaw()
      await Promise.all(nodes.map((node) => node.close()))
      await proxy.stop()
      await Promise.all([near.close(), far.close()])
      await directory.remove()
    }
  })

  it('fails what waits for the database, and gives back what its unit of work had locked', async () => {
    const near = await openDatabase({ url: database.url, directory: '' })
    const far = await openDatabase({ url: proxy.url, directory: '' })
    const line = await far.openLine?.('signalbox')
    const units = createUnitsOfWork(far.knex)
    try {
      await near.pool.query('create table things (id text primary key, owner text)')
      await near.pool.query(`insert into things values ('a', 'nobody')`)
      let from = 0
      const cutOff = units.run(async () => {
        await units.db()('things').where({ id: 'a' }).update({ owner: 'far' })
        proxy.freeze(() => true)
        from = Date.now()
        await units.db()('things').where({ id: 'a' }).update({ owner: 'far again' })
      })
      const failed = assert.rejects(cutOff, { kind: 'unavailable' }).then(() => Date.now() - from)
      await until('silence', () => from > 0)
      const taken = near.pool.query(`update things set owner = 'near'`).then(() => Date.now() - from)
      const refusedAfter = await failed
      console.log(`      failed after ${refusedAfter} ms, its lock given back after ${await taken} ms`)
      const again = Date.now()
      await assert.rejects(far.pool.query('select 1'), { code: 'CONNECTION_FAULT' })
      assert.ok(Date.now() - again < 1000, 'while the silence lasts, a refusal comes at once')
      const { rows } = await near.pool.query('select owner from things')
      assert.deepEqual(rows, [{ owner: 'near' }])
      proxy.thaw()
      await until('an answer again', () =>
        far.pool.query('select 1').then(
          () => true,
          () => false
        )
      )
    } finally {
      await line?.close()
      await proxy.stop()
      await Promise.all([near.close(), far.close()])
    }
  })

  it('breaks off nothing while only its line is silent', async () => {
    const far = await openDatabase({ url: proxy.url, directory: '' })
    const line = await far.openLine?.('signalbox')
    try {
      proxy.freeze(isLine)
      await far.pool.query('select pg_sleep(9)')
      assert.deepEqual([line?.up, far.state()], [false, 'up'])
    } finally {
      await line?.close()
      await proxy.stop()
      await far.close()
    }
  })

  it('trusts no session that may have ended unheard, and cuts the sockets of those that have', async () => {
    const start = (databaseUrl: string): Promise<TestPlatform> =>
      startTestPlatform({ databaseUrl, secret: 'one for all nodes of this deployment' })
    const near = await start(database.url)
    const far = await start(proxy.url)
    try {
      const viewer = await near.client('viewer')
      const status = async (): Promise<number> =>
        (await far.api('GET', '/auth/me', undefined, { authorization: `Bearer ${viewer.token}` })).status
      assert.equal(await status(), 200)
      const socket = far.unconnected({ token: viewer.token })
      socket.connect()
      await once(socket as never, 'connect')
      proxy.freeze(isLine)
      const from = Date.now()
      assert.equal((await viewer.api('POST', '/auth/logout')).status, 200)
      await until('a refusal', async () => (await status()) === 401, { everyMs: 5 })
      const took = Date.now() - from
      console.log(`      refused ${took} ms after a log-out that could not be heard`)
      assert.ok(took < 2000, `${took} ms`)
      const cut = once(socket as never, 'disconnect')
      proxy.thaw()
      await cut
    } finally {
      await near.stop()
      await far.stop()
    }
  })

  it('tells what it did not hear of, while only the notices are missing', async () => {
    const start = (databaseUrl: string): Promise<TestPlatform> =>
      startTestPlatform({ databaseUrl, secret: 'one for all nodes of this deployment' })
    const near = await start(database.url)
    const far = await start(proxy.url)
    try {
      const admin = await near.admin()
      const socket = far.unconnected({ token: admin.token })
      socket.connect()
      await once(socket as never, 'connect')
      proxy.freeze(isLine)
      const heard = nextEvent(socket, 'role-changed')
      const from = Date.now()
      const { body } = await admin.api('POST', '/roles', { label: 'Guard', permissions: [] })
      assert.equal((await heard).id, body.id)
      const took = Date.now() - from
      console.log(`      told after ${took} ms, by looking`)
      assert.ok(took < 1000, `${took} ms`)
    } finally {
      await near.stop()
      await far.stop()
    }
  })
})
