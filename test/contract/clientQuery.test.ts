import assert from 'node:assert/strict'
import { createClient, type ClientOf } from '@signalbox/client'
import fc from 'fast-check'
import { matches } from '../../sdk/client/src/live/matches.ts'
import { order } from '../../sdk/client/src/live/order.ts'
import { estatePart, type Lamp } from '../support/clientParts.ts'
import { estate, lamps } from './estate.ts'
import { onEachDatabase } from './support.ts'

type Values = Record<string, unknown>

const names = ['Gate', 'gate', 'Yard 1', 'Yard 2', 'Yard 10', 'Ärmel', 'null', 'true', '5', '2026-01-01', '']
const times = ['2026-01-01T00:00:00.000Z', '2026-01-01T00:00:00.001Z', '2026-06-30T12:00:00.000Z']
const values = {
  name: fc.constantFrom(...names),
  siteId: fc.constantFrom(null, 'here', 'there'),
  watts: fc.constantFrom(null, -3, 0, 7, 40, 1000),
  height: fc.constantFrom(null, -0.5, 0.1, 2.5, 1e6),
  lit: fc.boolean(),
  tags: fc.subarray(['a', 'b', 'null', 'c d', 'a,b']),
  hungAt: fc.constantFrom(null, ...times)
}
const lamp = fc.record(values)

const fields = Object.keys(values).filter((field) => field !== 'tags') as (keyof typeof values)[]
const operand = (field: keyof typeof values): fc.Arbitrary<unknown> =>
  field === 'tags' ? fc.constantFrom('a', 'b', 'c d', 'a,b', 'nowhere') : values[field]
const conditionOn = (field: keyof typeof values): fc.Arbitrary<unknown> => {
  const one = operand(field)
  const list = fc.array(one, { maxLength: 3 })
  return fc.oneof(
    one,
    fc.record({ $ne: one }),
    fc.record({ $in: list }),
    fc.record({ $nin: list }),
    fc.record({ $gt: one, $lte: one }, { requiredKeys: [] }),
    fc.record({ $gte: one, $lt: one }, { requiredKeys: [] })
  )
}
const filter = fc
  .uniqueArray(fc.constantFrom(...fields, 'tags' as const), { minLength: 1, maxLength: 2 })
  .chain((chosen) => fc.record(Object.fromEntries(chosen.map((field) => [field, conditionOn(field)]))))
const branches = fc.array(filter, { minLength: 1, maxLength: 3 })
const query = fc
  .tuple(
    fc.option(filter, { nil: {} }),
    fc.record({ $or: branches, $and: branches }, { requiredKeys: [] }),
    fc.record(
      {
        $sort: fc
          .uniqueArray(fc.constantFrom(...fields, 'id' as const, 'createdAt' as const), {
            minLength: 1,
            maxLength: 2
          })
          .chain((keys) =>
            fc.record(Object.fromEntries(keys.map((key) => [key, fc.constantFrom(1 as const, -1 as const)])))
          )
      },
      { requiredKeys: [] }
    )
  )
  .map(([own, nested, sorted]): Values => ({ ...own, ...nested, ...sorted }))

onEachDatabase('What the client makes of a query', [estate.plugin], (place) => {
  let client: ClientOf<readonly [typeof estatePart]>
  let all: Lamp[]

  before(async () => {
    const { service, unitOfWork } = estate.running
    await unitOfWork(async () => {
      for (const values of fc.sample(lamp, { numRuns: 300, seed: 7 })) await service(lamps).create(values)
    })
    client = createClient({
      url: place.platform.url,
      parts: [estatePart],
      session: { get: () => ({ accessToken: place.admin.token, refreshToken: '' }), set() {} }
    })
    all = await client.lamps.find()
    assert.equal(all.length, 300)
  })
  after(() => client?.close())

  it('is what the platform makes of it: who belongs, who does not, and in which order', async () => {
    let [decided, undecided] = [0, 0]
    await fc.assert(
      fc.asyncProperty(query, async (asked) => {
        const found = await client.lamps.find(asked)
        const foundIds = new Set(found.map(({ id }) => id))
        for (const record of all) {
          const verdict = matches(record as unknown as Values, asked)
          if (verdict === undefined) undecided++
          else {
            decided++
            assert.equal(verdict, foundIds.has(record.id), `${JSON.stringify(record)} for this query`)
          }
        }
        const keys = Object.entries((asked['$sort'] as Record<string, 1 | -1>) ?? {})
        for (const [n, record] of found.entries()) {
          const next = found[n + 1]
          if (next) assertOrder(record, next, keys)
        }
      }),
      { numRuns: 400, ...(process.env['SEED'] && { seed: Number(process.env['SEED']) }) }
    )
    console.log(`      decided ${decided} times, left ${undecided} to the database`)
    assert.ok(decided > undecided)
  })

  it('is the same over REST as over a socket, where no text has to be guessed at', async () => {
    const socket = await place.admin.socket()
    await fc.assert(
      fc.asyncProperty(query, async (asked) => {
        if (JSON.stringify(asked).includes('"null"')) return
        const overSocket: { id: string }[] = await new Promise((resolve, reject) => {
          socket.emit('find', 'lamps', asked, (error: unknown, result: { id: string }[]) =>
            error ? reject(new Error(JSON.stringify(error))) : resolve(result)
          )
        })
        assert.deepEqual(await client.lamps.find(asked), overSocket)
      }),
      { numRuns: 150 }
    )
  })

  it('says an empty list: among none there is nothing, and everything is outside of it', async () => {
    assert.deepEqual(await client.lamps.find({ name: { $in: [] } }), [])
    assert.deepEqual(
      await client.lamps.find({ watts: { $in: [] }, $or: [{ lit: true }, { lit: false }] }),
      []
    )
    assert.equal((await client.lamps.find({ watts: { $nin: [] } })).length, all.length)
    const lit = all.filter(({ lit }) => lit)
    assert.equal(
      (await client.lamps.find({ $or: [{ name: { $in: [] } }, { lit: true }] })).length,
      lit.length
    )
    assert.deepEqual(await client.lamps.find({ name: { $in: [] }, $and: [{ lit: true }] }), [])
    assert.equal((await client.lamps.find({ $or: [{ lit: { $nin: [] } }] })).length, all.length)
    assert.equal((await client.lamps.find({ $and: [{}, { lit: true }] })).length, lit.length)
  })

  it('leaves nonsense to the platform, which names it', async () => {
    for (const [asked, said] of [
      [{ $or: [] }, /\$or/],
      [{ $and: [] }, /\$and/],
      [{ colour: 'red' }, /colour/],
      [{ watts: 'many' }, /watts/],
      [{ $limit: -1 }, /Invalid/]
    ] as const) {
      await assert.rejects(client.lamps.find(asked as object), (error: any) => {
        assert.equal(error.code, 'invalid', JSON.stringify(asked))
        assert.match(error.message, said)
        return true
      })
    }
  })
})

function assertOrder(one: Lamp, next: Lamp, keys: readonly (readonly [string, number])[]): void {
  const closed = keys.some(([field]) => field === 'id') ? keys : [...keys, ['id', 1] as const]
  for (const [field, direction] of closed) {
    const [before, after] = [one, next].map((record) => (record as unknown as Values)[field])
    const difference = order(before, after)
    if (difference === undefined) return
    if (difference === 0) continue
    assert.ok(difference * direction < 0, `${field}: ${String(before)} before ${String(after)}`)
    return
  }
}
