import assert from 'node:assert/strict'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { Client } from 'pg'
import { createDatabaseOrSkip, type TestDatabase } from '../support/postgres.ts'
import { startProgram, type Program } from '../support/program.ts'
import { temporaryDirectory, type TemporaryDirectory } from '../support/temporaryDirectory.ts'
import { until } from '../support/until.ts'
import { assertNothingLost } from './assertNothingLost.ts'
import { startNodes, type Listener, type NodeProcess } from './startNodes.ts'
import { killPlatforms } from './startPlatformProcess.ts'
import { startWriters } from './writers.ts'

describe('Nodes that share a Postgres', function () {
  this.timeout(120_000)
  let directory: TemporaryDirectory
  let database: TestDatabase
  let sql: Client
  let listeners: Listener[]

  beforeEach(async function () {
    listeners = []
    database = await createDatabaseOrSkip(this)
    directory = await temporaryDirectory()
    sql = new Client({ connectionString: database.url })
    await sql.connect()
  })

  afterEach(async () => {
    listeners.forEach(({ socket }) => socket.disconnect())
    await killPlatforms()
    await sql?.end()
    await database?.drop()
    await directory?.remove()
  })

  const start = (...names: string[]): Promise<NodeProcess[]> =>
    startNodes(database.url, { directory: directory.path, names })

  async function listenAt(node: NodeProcess): Promise<Listener> {
    const listener = await node.listen()
    listeners.push(listener)
    return listener
  }

  async function leaseOf(key: string): Promise<{ holder: string; fence: number }> {
    const { rows } = await sql.query('select holder, fence::int as fence from core_leases where key = $1', [
      key
    ])
    return rows[0] as { holder: string; fence: number }
  }

  /** What a socket heard: from its first change on, each number of the feed that is about a camera, once, in order. */
  async function assertOrder({ heard }: Listener): Promise<void> {
    const { rows } = await sql.query<{ seq: number; record_id: string }>(
      `select seq::int as seq, record_id from core_changes where resource = 'cameras' and seq >= $1 order by seq`,
      [heard[0]?.seq]
    )
    assert.deepEqual(
      heard.map(({ seq, id }) => [seq, id]),
      rows.map(({ seq, record_id: id }) => [seq, id])
    )
  }

  it('tell the sockets of each every change of all, in the order of its number', async () => {
    const nodes = await start('one', 'two')
    const sockets = [await listenAt(nodes[0]!), await listenAt(nodes[0]!), await listenAt(nodes[1]!)]
    const writers = nodes.map((node) => startWriters(node, { clients: 4 }))
    await Promise.all(writers.map((one) => one.reach(300)))
    await Promise.all(writers.map((one) => one.stop()))
    const acknowledged = writers.flatMap((one) => one.acknowledged)
    for (const socket of sockets)
      await until('every change', () => socket.heard.length >= acknowledged.length)
    for (const socket of sockets) {
      assert.deepEqual(new Set(socket.heard.map(({ id }) => id)), new Set(acknowledged))
      await assertOrder(socket)
    }
    await assertNothingLost(nodes[0]!, acknowledged)
  })

  it('lose nothing when the one that numbers is killed under load', async () => {
    const nodes = await start('one', 'two')
    const [numbering, other] = nodes as [NodeProcess, NodeProcess]
    const before = await leaseOf('core/sequencer')
    assert.ok(before.holder.startsWith(numbering.instance))
    const socket = await listenAt(other)
    const dying = startWriters(numbering)
    const living = startWriters(other)
    await Promise.all([dying.reach(150), living.reach(150)])
    numbering.child.kill('SIGKILL')
    const from = Date.now()
    const told = socket.heard.length
    await numbering.ended
    await dying.stop()
    await until('the first change that the survivor numbered', async () => {
      const { holder, fence } = await leaseOf('core/sequencer')
      return fence === before.fence + 1 && holder.startsWith(other.instance) && socket.heard.length > told
    })
    const took = Date.now() - from
    await living.reach(living.acknowledged.length + 150)
    await living.stop()
    const acknowledged = [...dying.acknowledged, ...living.acknowledged]
    await until('every change', () => {
      const delivered = new Set(socket.heard.map(({ id }) => id))
      return acknowledged.every((id) => delivered.has(id))
    })
    const delivered = new Set(socket.heard.map(({ id }) => id))
    console.log(
      `      acknowledged ${acknowledged.length}, delivered ${delivered.size}, ` +
        `lost ${acknowledged.filter((id) => !delivered.has(id)).length}, taken over after ${took} ms`
    )
    await assertOrder(socket)
    await assertNothingLost(other, acknowledged)
    assert.ok(took < 10_000, `${took} ms`)
  })

  it('do not step over a slow transaction that others overtake on both', async () => {
    const nodes = await start('one', 'two')
    const sockets = [await listenAt(nodes[0]!), await listenAt(nodes[1]!)]
    await sql.query('begin')
    // Neither node commits it, so neither is told of its commit.
    await sql.query(
      `insert into core_changes (resource, record_id, action, actor, scopes_after, record)
       values ('cameras', 'slow', 'created', 'system', '{}', '{"id": "slow", "version": 1}')`
    )
    for (const node of nodes)
      assert.equal((await node.api('POST', '/cameras', { name: 'Fast', protocol: 'test' })).status, 201)
    for (const { heard } of sockets) await until('the fast ones', () => heard.length === 2)
    await sql.query('commit')
    const from = Date.now()
    for (const { heard } of sockets) await until('the slow one', () => heard.length === 3)
    console.log(`      told ${Date.now() - from} ms after a commit that nobody announced`)
    for (const socket of sockets) {
      assert.equal(socket.heard[2]?.id, 'slow')
      assert.equal(socket.heard[2].seq, socket.heard[1]!.seq + 1)
      await assertOrder(socket)
    }
  })

  it('leave a lease to another when its holder stands still, whose writes are refused from then on', async () => {
    await sql.query(`create table core_leases (key text primary key, holder text not null, fence bigint not null,
      expires_at timestamptz not null)`)
    await sql.query('create table written (place bigint generated always as identity, fence bigint not null)')
    const one = await startHolder('one')
    await one.line(/^wrote with 1$/)
    one.child.kill('SIGSTOP')
    const two = await startHolder('two')
    await two.line(/^wrote with 2$/)
    const silent = one.lines.length
    one.child.kill('SIGCONT')
    assert.equal(await one.line(/^let go/), 'let go of 1')
    two.child.kill('SIGTERM')
    assert.equal(await two.ended, 0)
    await one.line(/^wrote with 3$/)
    one.child.kill('SIGTERM')
    assert.equal(await one.ended, 0)
    assert.ok(silent < one.lines.length)
    const { rows } = await sql.query<{ fence: number }>(
      'select fence::int as fence from written order by place'
    )
    const fences = rows.map(({ fence }) => fence)
    const inOrder = fences.toSorted((a, b) => a - b)
    assert.deepEqual(fences, inOrder, 'an owner wrote after its successor')
    assert.deepEqual([...new Set(fences)], [1, 2, 3])
  })

  /** A program that holds a lease of 1.5 s, and writes with its fence, checked, as long as it does. */
  async function startHolder(instance: string): Promise<Program> {
    const own = join(directory.path, instance)
    await mkdir(own, { recursive: true })
    const core = (path: string): string =>
      JSON.stringify(new URL(`../../core/src/${path}`, import.meta.url).href)
    return startProgram(
      own,
      'holder',
      `import { openDatabase } from ${core('data/openDatabase.ts')}
import { joinNodes } from ${core('nodes/joinNodes.ts')}
const log = { debug() {}, info() {}, warn() {}, error() {} }
const database = await openDatabase({ url: ${JSON.stringify(database.url)}, directory: ${JSON.stringify(own)} })
const node = await joinNodes({ database, instance: ${JSON.stringify(instance)}, log })
const lease = await node.leases.take('stage', async ({ signal, fence }) => {
  while (!signal.aborted) {
    const { rowCount } = await database.pool.query(
      "insert into written (fence) select $1 from core_leases where key = 'stage' and fence = $1", [fence])
    if (rowCount && !signal.aborted) console.log('wrote with ' + fence)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  console.log('let go of ' + fence)
}, { lifeMs: 1500 })
process.once('SIGTERM', async () => {
  await node.close()
  await database.close()
})
`
    )
  }
})
