import { PlatformError, type ScopeNode, type Scopes } from '@signalbox/plugin'
import type { Knex } from 'knex'
import type { UnitsOfWork } from '../data/unitOfWork.ts'
import { recordChange } from '../feed/recordChange.ts'

/** Under this name the tree's changes are in the feed; it is no resource, and has no address of its own. */
export const treeChanges = 'scopes'

interface Row {
  readonly id: string
  readonly parent_id: string | null
  readonly kind: string
  readonly path: readonly string[]
}

/** The tree of places and departments that grants hold in. Plugins fill it; each node knows its path from the root. */
export class ScopeTree implements Scopes {
  readonly #units: UnitsOfWork
  readonly #onChange: () => void

  constructor(units: UnitsOfWork, onChange: () => void) {
    this.#units = units
    this.#onChange = onChange
  }

  put({ id, parentId = null, kind }: ScopeNode): Promise<void> {
    return this.#write(async (db) => {
      const node = await find(db, id)
      if (!node) return this.#add(db, { id, parentId, kind })
      if (node.parent_id !== parentId) await this.#place(db, node, parentId)
      if (node.kind === kind) return
      await db('core_scopes').where({ id }).update({ kind })
      await this.#tell(db, { ...node, kind, parent_id: parentId }, [])
    })
  }

  move(id: string, parentId: string | null): Promise<void> {
    return this.#write(async (db) => {
      const node = await found(db, id)
      if (node.parent_id !== parentId) await this.#place(db, node, parentId)
    })
  }

  remove(id: string): Promise<void> {
    return this.#write(async (db) => {
      const node = await found(db, id)
      const child = (await db('core_scopes').where({ parent_id: id }).first('id')) as Row | undefined
      if (child) throw new PlatformError('conflict', `The scope ${id} still has others below it.`)
      const grant = (await db('core_grants').where({ scope: id }).first('id')) as Row | undefined
      if (grant) throw new PlatformError('conflict', `The scope ${id} is still named by a grant.`)
      await db('core_scopes').where({ id }).delete()
      await this.#extend(db, node.path.slice(0, -1))
      await this.#tell(db, node, node.path.slice(0, -1), 'removed')
    })
  }

  /** A node's path from the root down to it; undefined where there is no such node. */
  async pathOf(id: string): Promise<readonly string[] | undefined> {
    return (await find(this.#units.db(), id))?.path
  }

  async #add(db: Knex, { id, parentId, kind }: Required<ScopeNode>): Promise<void> {
    if (!/^[A-Za-z0-9_-]{1,64}$/.test(id) || id === 'any' || id === 'own')
      throw new PlatformError('invalid', `${id.slice(0, 64)} is no id for a scope.`)
    const path = parentId === null ? [id] : [...(await found(db, parentId)).path, id]
    await db('core_scopes').insert({ id, parent_id: parentId, kind, path: path as never })
    await this.#tell(db, { id, parent_id: parentId, kind, path }, [], 'created')
  }

  async #place(db: Knex, node: Row, parentId: string | null): Promise<void> {
    const above = parentId === null ? [] : (await found(db, parentId)).path
    if (above.includes(node.id))
      throw new PlatformError('conflict', `The scope ${node.id} cannot stand below itself.`)
    const left = node.path.slice(0, -1)
    await db('core_scopes').where({ id: node.id }).update({ parent_id: parentId })
    await db.raw(
      `update core_scopes set path = ?::text[] || path[?:cardinality(path)] where path @> array[?]::text[]`,
      [above as never, left.length + 1, node.id]
    )
    const changed = [...left.filter((id) => !above.includes(id)), ...above.filter((id) => !left.includes(id))]
    await this.#extend(db, changed)
    await this.#tell(db, { ...node, parent_id: parentId }, changed)
  }

  async #extend(db: Knex, ids: readonly string[]): Promise<void> {
    if (ids.length)
      await db.raw('update core_scopes set extent = extent + 1 where id = any(?::text[])', [ids as never])
  }

  /** `extents` are the nodes that hold other nodes than before. */
  async #tell(
    db: Knex,
    { id, parent_id: parentId, kind }: Row,
    extents: readonly string[],
    action: 'created' | 'patched' | 'removed' = 'patched'
  ): Promise<void> {
    const record = { id, parentId, kind, extents }
    await recordChange(db, { resource: treeChanges, recordId: id, action, record })
  }

  /** The tree is written by one at a time, so that no two moves make a ring. */
  async #write(work: (db: Knex) => Promise<void>): Promise<void> {
    await this.#units.run(async () => {
      const db = this.#units.db()
      await db.raw('lock table core_scopes in share row exclusive mode')
      await work(db)
      this.#units.afterCommit(this.#onChange)
    })
  }
}

async function find(db: Knex, id: string): Promise<Row | undefined> {
  return (await db('core_scopes').where({ id }).first('id', 'parent_id', 'kind', 'path')) as Row | undefined
}

async function found(db: Knex, id: string): Promise<Row> {
  const node = await find(db, id)
  if (!node) throw new PlatformError('notFound', `There is no scope ${id.slice(0, 64)}.`)
  return node
}
