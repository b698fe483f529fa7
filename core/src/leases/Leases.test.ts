import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { HeldLease } from '@signalbox/plugin'
import { databases } from '../../../test/support/databases.ts'
import { migratedDatabase } from '../../../test/support/migratedDatabase.ts'
import { createDatabaseOrSkip } from '../../../test/support/postgres.ts'
import { until } from '../../../test/support/until.ts'
import type { Database } from '../data/Database.ts'
import { joinNodes } from '../nodes/joinNodes.ts'
import type { Node } from '../nodes/Node.ts'
import { soleBus } from '../nodes/NodeBus.ts'
import { Leases, type LeaseRun } from './Leases.ts'

const log = { debug() {}, info() {}, warn() {}, error() {} }

/** Holds a lease until it is over, and remembers what happened. */
function holder(): { readonly held: HeldLease[]; readonly let: number[]; readonly run: LeaseRun } {
  const held: HeldLease[] = []
  const letGo: number[] = []
  return {
    held,
    let: letGo,
    run: async (given) => {
      held.push(given)
      if (!given.signal.aborted) await once(given.signal, 'abort')
      letGo.push(given.fence)
    }
  }
}

for (const { name, open } of databases) {
  describe(`A lease, on ${name}`, function () {
    this.timeout(30_000)
    let database: Database
    let close: () => Promise<void>
    let nodes: Node[]

    before(async function () {
      ;({ database, close } = await migratedDatabase(open, this))
    })

    beforeEach(() => {
      nodes = []
    })

    afterEach(() => Promise.all(nodes.map((node) => node.close())))

    after(async () => {
      await close?.()
    })

    const join = async (instance: string): Promise<Node> => {
      const node = await joinNodes({ database, instance, log })
      nodes.push(node)
      return node
    }

    it('is held by the time it was asked for, and given up when it is released', async () => {
      const node = await join('a')
      const owner = holder()
      const lease = await node.leases.take('one', owner.run)
      assert.equal(lease.held, true)
      await lease.release()
      assert.equal(lease.held, false)
      assert.deepEqual(owner.let, [owner.held[0]?.fence])
    })

    it('has a fence that grows by one with each owner, through restarts too', async () => {
      const fences: number[] = []
      for (const instance of ['a', 'b', 'a']) {
        const node = await join(instance)
        const owner = holder()
        await (await node.leases.take('fenced', owner.run)).release()
        await node.close()
        fences.push(...owner.let)
      }
      assert.deepEqual(fences, [1, 2, 3])
    })

    it('is free again for whoever is first, a second after its run ended by itself', async () => {
      const node = await join('a')
      let runs = 0
      const lease = await node.leases.take('short', async ({ signal }) => {
        if (++runs > 1) await once(signal, 'abort')
        else throw new Error('the first fails')
      })
      await until('a second run', () => runs === 2)
      await lease.release()
    })

    it('is taken over at once from an earlier life of the same node', async () => {
      const before = new Leases({
        query: async (text, values) => (await database.pool.query(text, [...values])).rows,
        bus: soleBus,
        instance: 'restarted',
        sole: false,
        log
      })
      // Neither opened nor closed: as if it had been killed.
      const abandoned = holder()
      const first = await before.take('survives', abandoned.run, { lifeMs: 60_000 })
      const node = await join('restarted')
      const owner = holder()
      await node.leases.take('survives', owner.run)
      assert.equal(owner.held[0]?.fence, 2)
      await first.release()
    })
  })
}

describe('A lease among nodes', function () {
  this.timeout(30_000)
  let database: Database
  let close: () => Promise<void>
  let nodes: Node[]

  before(async function () {
    ;({ database, close } = await migratedDatabase(createDatabaseOrSkip, this))
    nodes = []
    for (const instance of ['a', 'b']) nodes.push(await joinNodes({ database, instance, log }))
  })

  after(async () => {
    await Promise.all((nodes ?? []).map((node) => node.close()))
    await close?.()
  })

  it('is held by one, told to the others, and handed on at once when it is given up', async () => {
    const [one, other] = [holder(), holder()]
    let told = 0
    const first = await nodes[0]!.leases.take('shared', one.run, { lifeMs: 20_000 })
    const second = await nodes[1]!.leases.take('shared', other.run, {
      lifeMs: 20_000,
      elsewhere: () => told++
    })
    assert.deepEqual([first.held, second.held, told], [true, false, 1])
    const from = Date.now()
    await first.release()
    await until('the other', () => second.held, { everyMs: 2 })
    const took = Date.now() - from
    console.log(`      handed on in ${took} ms`)
    assert.ok(took < 1000, `${took} ms`)
    assert.deepEqual(
      [...one.held, ...other.held].map(({ fence }) => fence),
      [1, 2]
    )
    await second.release()
  })

  it('is renewed for as long as it is held', async () => {
    const [one, other] = [holder(), holder()]
    const first = await nodes[0]!.leases.take('renewed', one.run, { lifeMs: 600 })
    let asked = 0
    const second = await nodes[1]!.leases.take('renewed', other.run, {
      lifeMs: 600,
      elsewhere: () => asked++
    })
    await until('the fifth refusal', () => asked >= 6)
    assert.deepEqual([first.held, one.held.length, other.held.length], [true, 1, 0])
    await first.release()
    await second.release()
  })

  it('is let go by a node that is cut off before another has it', async () => {
    let isCutOff = false
    const leases = new Leases({
      query: async (text, values) => {
        if (isCutOff) throw new Error('cut off')
        return (await database.pool.query(text, [...values])).rows
      },
      bus: soleBus,
      instance: 'cut-off',
      sole: false,
      log
    })
    await leases.open()
    const order: string[] = []
    await leases.take(
      'cut',
      async ({ signal }) => {
        await once(signal, 'abort')
        order.push('let go')
      },
      { lifeMs: 900 }
    )
    isCutOff = true
    const lease = await nodes[1]!.leases.take(
      'cut',
      async ({ signal, fence }) => {
        order.push(`taken with ${fence}`)
        await once(signal, 'abort')
      },
      { lifeMs: 900 }
    )
    await until('the other', () => lease.held)
    assert.deepEqual(order, ['let go', 'taken with 2'])
    await lease.release()
    await leases.close()
  })
})
