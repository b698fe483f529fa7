import assert from 'node:assert/strict'
import fc from 'fast-check'
import { databases } from '../../../test/support/databases.ts'
import { migratedDatabase } from '../../../test/support/migratedDatabase.ts'
import type { Database } from '../data/Database.ts'
import { createUnitsOfWork } from '../data/unitOfWork.ts'
import type { Place } from '../resources/Place.ts'
import { reachSql, scopesSql } from '../resources/scopeSql.ts'
import { evaluate, evaluateAt, reachOf, type Grant } from './evaluate.ts'
import { positionOf } from './Reach.ts'
import { ScopeTree } from './ScopeTree.ts'

const ids = ['a', 'b', 'c', 'd', 'e', 'f']
const lamps: Place = { table: 'test_lamps', own: 'owner_id', node: 'site_id' }
const bulbs: Place = { table: 'test_bulbs', parent: { column: 'lamp_id', place: lamps } }

interface Lamp {
  readonly id: string
  readonly site: string | null
  readonly owner: string | null
}

for (const { name, open } of databases) {
  describe(`The scope tree, on ${name}`, function () {
    this.timeout(60_000)
    let database: Database
    let close: () => Promise<void>
    let tree: ScopeTree

    before(async function () {
      ;({ database, close } = await migratedDatabase(open, this))
      await database.knex.raw('create table test_lamps (id text primary key, site_id text, owner_id text)')
      await database.knex.raw('create table test_bulbs (id text primary key, lamp_id text)')
      tree = new ScopeTree(createUnitsOfWork(database.knex), () => {})
    })

    beforeEach(() => clear())

    after(() => close?.())

    const clear = async (): Promise<void> => {
      await database.knex.raw('truncate core_scopes, core_grants, core_changes, test_lamps, test_bulbs')
    }
    const plant = async (...nodes: [id: string, parentId: string | null][]): Promise<void> => {
      for (const [id, parentId] of nodes) await tree.put({ id, parentId, kind: 'site' })
    }
    const pathsNow = async (): Promise<Record<string, string[]>> => {
      const rows = (await database.knex('core_scopes').select('id', 'path')) as {
        id: string
        path: string[]
      }[]
      return Object.fromEntries(rows.map(({ id, path }) => [id, path]))
    }
    const visible = async (place: Place, grants: readonly Grant[], userId: string): Promise<string[]> => {
      const reach = reachOf(evaluate(grants, 'lamps:read'))
      const { sql, bindings } = reachSql(place, { ...reach, own: reach.own ? userId : undefined })
      const { rows } = (await database.knex.raw(
        `select r.id from ${place.table} r where ${sql || 'true'} order by r.id`,
        bindings as never
      )) as { rows: { id: string }[] }
      return rows.map(({ id }) => id)
    }

    it('knows each node’s path from the root, through moves of what is above', async () => {
      await plant(['a', null], ['b', 'a'], ['c', 'b'], ['d', null])
      await tree.move('b', 'd')
      assert.deepEqual(await pathsNow(), { a: ['a'], b: ['d', 'b'], c: ['d', 'b', 'c'], d: ['d'] })
      await tree.put({ id: 'b', parentId: null, kind: 'hall' })
      assert.deepEqual(await tree.pathOf('c'), ['b', 'c'])
    })

    it('refuses a ring, a parent that is not there, and to remove what is in use', async () => {
      await plant(['a', null], ['b', 'a'], ['c', 'b'])
      await assert.rejects(tree.move('a', 'c'), { kind: 'conflict' })
      await assert.rejects(tree.move('a', 'a'), { kind: 'conflict' })
      await assert.rejects(tree.move('a', 'x'), { kind: 'notFound' })
      await assert.rejects(tree.remove('b'), { kind: 'conflict' })
      for (const id of ['any', 'own', '', 'a/b'])
        await assert.rejects(tree.put({ id, kind: 'site' }), { kind: 'invalid' })
      const racing = await Promise.allSettled([plant(['x', null], ['y', null]), tree.move('c', 'a')])
      assert.deepEqual(
        racing.map(({ status }) => status),
        ['fulfilled', 'fulfilled']
      )
      const ring = await Promise.allSettled([tree.move('x', 'y'), tree.move('y', 'x')])
      assert.deepEqual(ring.map(({ status }) => status).toSorted(), ['fulfilled', 'rejected'])
    })

    it('notes in which nodes a move changed what is below them, and in no others', async () => {
      await plant(['a', null], ['b', 'a'], ['c', 'b'], ['d', 'a'])
      await tree.move('c', 'd')
      const rows = (await database.knex('core_scopes').where('extent', '>', 0).pluck('id')) as string[]
      assert.deepEqual(rows.toSorted(), ['b', 'd'])
      const told = (await database
        .knex('core_changes')
        .orderBy('local_id', 'desc')
        .first('resource', 'record')) as { resource: string; record: { extents: string[] } }
      assert.equal(told.resource, 'scopes')
      assert.deepEqual(told.record.extents.toSorted(), ['b', 'd'])
    })

    it('finds the same records in SQL as a model does one by one, whatever is granted, denied and moved', async () => {
      const grant = fc.record({
        permission: fc.constantFrom('*', 'lamps:*', 'lamps:read', 'bulbs:read'),
        scope: fc.constantFrom('any', 'own', ...ids, ...ids),
        effect: fc.constantFrom('grant' as const, 'grant' as const, 'deny' as const),
        source: fc.constant('test')
      })
      const world = fc.record({
        parents: fc.array(fc.option(fc.nat(ids.length - 1)), {
          minLength: ids.length,
          maxLength: ids.length
        }),
        lamps: fc.array(
          fc.record({
            site: fc.option(fc.constantFrom(...ids, 'nowhere')),
            owner: fc.option(fc.constantFrom('me', 'you'))
          }),
          { minLength: 1, maxLength: 12 }
        ),
        grants: fc.array(grant, { maxLength: 6 }),
        moves: fc.array(fc.tuple(fc.constantFrom(...ids), fc.option(fc.constantFrom(...ids))), {
          maxLength: 6
        })
      })
      await fc.assert(
        fc.asyncProperty(world, async ({ parents, lamps: made, grants, moves }) => {
          await clear()
          const parentOf = new Map<string, string | null>()
          for (const [n, id] of ids.entries()) {
            const above = parents[n]
            const parent = above != null && above < n ? (ids[above] as string) : null
            parentOf.set(id, parent)
            await tree.put({ id, parentId: parent, kind: 'site' })
          }
          const stored: Lamp[] = made.map((lamp, n) => ({ id: `lamp-${10 + n}`, ...lamp }))
          for (const { id, site, owner } of stored) {
            await database.knex('test_lamps').insert({ id, site_id: site, owner_id: owner })
            await database.knex('test_bulbs').insert({ id: `bulb of ${id}`, lamp_id: id })
          }
          await database.knex('test_bulbs').insert({ id: 'bulb alone', lamp_id: null })
          for (const [id, parentId] of moves) {
            const isRing = parentId !== null && pathIn(parentOf, parentId).includes(id)
            if (!isRing) parentOf.set(id, parentId)
            await tree.move(id, parentId).then(
              () => assert.ok(!isRing),
              () => assert.ok(isRing)
            )
          }
          const expected = stored
            .filter(({ site, owner }) => {
              const path = site === null || site === 'nowhere' ? [] : pathIn(parentOf, site)
              return evaluateAt(grants, 'lamps:read', { path, owner: owner ?? undefined }, 'me').allowed
            })
            .map(({ id }) => id)
          assert.deepEqual(await visible(lamps, grants, 'me'), expected)
          const alone = evaluateAt(grants, 'lamps:read', { path: [] }, 'me').allowed ? ['bulb alone'] : []
          assert.deepEqual(await visible(bulbs, grants, 'me'), [
            ...alone,
            ...expected.map((id) => `bulb of ${id}`)
          ])
          const { rows } = (await database.knex.raw(
            `select r.id, ${scopesSql(lamps)} as scopes from test_lamps r`
          )) as { rows: { id: string; scopes: string[] }[] }
          for (const { id, scopes } of rows) {
            const { site } = stored.find((lamp) => lamp.id === id) as Lamp
            const path = site === null || site === 'nowhere' ? [] : pathIn(parentOf, site)
            assert.deepEqual(positionOf(scopes).path, path)
          }
        }),
        { numRuns: 25 }
      )
    })
  })
}

/** The path of a node in the model. */
function pathIn(parentOf: ReadonlyMap<string, string | null>, id: string): string[] {
  const parent = parentOf.get(id)
  return parent == null ? [id] : [...pathIn(parentOf, parent), id]
}
