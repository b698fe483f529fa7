import assert from 'node:assert/strict'
import { createClient, type ClientOf, type Live } from '@signalbox/client'
import fc from 'fast-check'
import { estate } from '../contract/estate.ts'
import { onEachDatabase, type Person } from '../contract/support.ts'
import { estatePart, type Lamp } from '../support/clientParts.ts'
import { startFreezableProxy, type FreezableProxy } from '../support/freezableProxy.ts'
import { until } from '../support/until.ts'

type LampClient = ClientOf<readonly [typeof estatePart]>

const nodes = ['here', 'corner', 'there']

const lamp = fc.record(
  {
    name: fc.constantFrom('Gate', 'gate', 'Yard 1', 'Yard 2', 'Ärmel', 'zebra'),
    siteId: fc.constantFrom(null, ...nodes),
    watts: fc.constantFrom(null, 5, 7, 40),
    height: fc.constantFrom(null, 0.5, 2),
    lit: fc.boolean(),
    tags: fc.subarray(['a', 'b']),
    hungAt: fc.constantFrom(null, '2026-01-01T00:00:00.000Z', '2026-06-30T12:00:00.000Z')
  },
  { requiredKeys: ['name'] }
)
type Values = Partial<Lamp>

const query: fc.Arbitrary<object> = fc.oneof(
  fc.constant({}),
  fc.constant({ lit: true, $sort: { watts: 1 } }),
  fc.constant({ $sort: { createdAt: -1 }, $limit: 5 }),
  fc.constant({ $sort: { name: 1 } }),
  fc.constant({ watts: { $gt: 5 }, $sort: { height: -1, name: -1 } }),
  fc.constant({ tags: 'a', $limit: 4, $skip: 2, $sort: { watts: -1 } }),
  fc.constant({ $or: [{ watts: { $nin: [5, 7] } }, { siteId: 'here' }], $sort: { lit: 1 } }),
  fc.constant({ hungAt: { $gte: '2026-02-01T00:00:00.000Z' }, name: { $ne: 'Gate' } }),
  fc.constant({ name: { $in: ['Gate', 'gate'] }, watts: null, $limit: 3 }),
  fc.constant({ name: { $gt: 'H' }, $sort: { updatedAt: -1 }, $limit: 6 })
)

/** What somebody does to the lamps, or to the reader’s rights and connection. */
const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('create' as const), values: lamp }) },
  {
    weight: 8,
    arbitrary: fc.record({ kind: fc.constant('patch' as const), at: fc.nat(), values: lamp })
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('update' as const), at: fc.nat(), values: lamp }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('remove' as const), at: fc.nat() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('cut' as const) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('grant' as const),
      scope: fc.constantFrom('any', 'own', ...nodes)
    })
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('withdraw' as const), at: fc.nat() }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('move' as const), under: fc.constantFrom('here', 'there') })
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('wait' as const), ms: fc.nat(40) }) }
)

onEachDatabase('A live list', [estate.plugin], (place) => {
  const open: { close(): void }[] = []
  let proxy: FreezableProxy

  before(async () => {
    for (const id of ['here', 'there']) await estate.running.scopes.put({ id, kind: 'site' })
    await estate.running.scopes.put({ id: 'corner', parentId: 'here', kind: 'place' })
  })
  beforeEach(async () => {
    proxy = await startFreezableProxy(place.platform.url)
  })
  afterEach(async () => {
    open.splice(0).forEach((client) => client.close())
    await proxy.stop()
  })

  const clientOf = async ({ email }: Pick<Person, 'email'>, url = proxy.url): Promise<LampClient> => {
    const client = createClient({ url, parts: [estatePart] })
    open.push(client)
    await client.signIn({ email, password: 'correct horse battery' })
    return client
  }
  const adminClient = () => clientOf({ email: 'admin@example.org' }, place.platform.url)
  const grant = async ({ id }: Person, scope: string): Promise<string> => {
    const body = { subjectType: 'user', subjectId: id, permission: 'lamps:read', scope }
    return (await place.admin.api('POST', '/grants', body)).body.id
  }
  /** Waits until a list is what `find` answers, and stays so. */
  const settles = async (live: Live<Lamp>, find: () => Promise<Lamp[]>): Promise<void> => {
    let found: Lamp[] = []
    try {
      await until('the list', async () => {
        found = await find()
        return live.current && JSON.stringify(sorted(live.records)) === JSON.stringify(sorted(found))
      })
    } finally {
      assert.deepEqual(live.records, found)
    }
  }

  it('is what find answers after any edits, moves, changes of rights and broken connections', async function () {
    this.timeout(240_000)
    const writers = await Promise.all([adminClient(), adminClient(), adminClient()])
    let reads = 0
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(query, { minLength: 3, maxLength: 5, selector: (q) => JSON.stringify(q) }),
        fc.array(step, { minLength: 40, maxLength: 80, size: 'max' }),
        async (queries, steps) => {
          await estate.running.unitOfWork(async () => {
            await estate.running.db()('estate_lamps').delete()
          })
          const reader = await place.person()
          const grants = [await grant(reader, 'here')]
          const client = await clientOf(reader)
          const direct = await clientOf(reader, place.platform.url)
          const lists = queries.map((query) => client.lamps.live(query))
          const ids: string[] = []
          const idAt = (n: number): string => ids[n % Math.max(1, ids.length)] ?? 'none'
          const pending: Promise<unknown>[] = []
          for (const [n, todo] of steps.entries()) {
            const { lamps } = writers[n % writers.length] as LampClient
            // Many are on their way at once; one that lost a race to a removal is none of our business.
            const begin = (doing: Promise<unknown>): unknown => pending.push(doing.catch(() => {}))
            switch (todo.kind) {
              case 'create':
                begin(lamps.create(owned(todo.values, reader, n)).then(({ id }) => ids.push(id)))
                break
              case 'patch':
                begin(lamps.patch(idAt(todo.at), owned(todo.values, reader, n)))
                break
              case 'update':
                begin(lamps.update(idAt(todo.at), owned(todo.values, reader, n)))
                break
              case 'remove':
                begin(lamps.remove(idAt(todo.at)))
                break
              case 'cut':
                proxy.cut()
                break
              case 'grant':
                grants.push(await grant(reader, todo.scope))
                break
              case 'withdraw': {
                const [id] = grants.splice(todo.at % grants.length || 0, 1)
                if (id) await place.admin.api('DELETE', `/grants/${id}`)
                break
              }
              case 'move':
                await estate.running.scopes.move('corner', todo.under)
                break
              case 'wait':
                await new Promise((resolve) => setTimeout(resolve, todo.ms))
            }
            if (n % 4 === 0) await Promise.all(pending.splice(0))
          }
          await Promise.all(pending)
          if (!grants.length) await grant(reader, 'any')
          for (const [n, live] of lists.entries()) {
            await settles(live, async () => {
              reads++
              const found: any = await direct.lamps.find(queries[n])
              return found.data ?? found
            })
          }
          client.close()
          direct.close()
        }
      ),
      { numRuns: Number(process.env['RUNS'] ?? 8), endOnFailure: true, interruptAfterTimeLimit: 200_000 }
    )
    assert.ok(reads > 0)
  })
})

function owned(values: Values, { id }: Person, n: number): Values & { name: string } {
  return { name: 'Gate', ...values, ...(n % 5 === 0 && { ownerId: n % 2 ? id : null }) }
}

function sorted(records: readonly Lamp[]): unknown {
  return records.map((record) => Object.entries(record).sort(([one], [other]) => (one < other ? -1 : 1)))
}
