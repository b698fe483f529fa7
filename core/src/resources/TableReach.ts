import type { Resource } from '@signalbox/plugin'
import type { AccessFilter } from '../access/AccessFilter.ts'
import { quote } from './columnRef.ts'
import { nothing, type Fragment } from './filterSql.ts'
import type { Place } from './Place.ts'
import type { Row, RowCodec } from './RowCodec.ts'
import { reachSql, type Value } from './scopeSql.ts'
import type { Column } from './tableLayout.ts'

export interface TableReachParts {
  /** Where the records stand in the scope tree; undefined where nothing says so. */
  readonly place: Place | undefined
  readonly codec: RowCodec
}

/** Which records of a table a caller's access reaches, and in whose name the caller writes them. */
export class TableReach {
  readonly #resource: Resource
  readonly #place: Place | undefined
  readonly #codec: RowCodec

  constructor(resource: Resource, { place, codec }: TableReachParts) {
    this.#resource = resource
    this.#place = place
    this.#codec = codec
  }

  of(access: AccessFilter | undefined, value?: Value): Fragment {
    return access ? reachSql(this.#place, access, value) : nothing
  }

  /** Nobody moves a record to where they could not have changed it. */
  afterMove(access: AccessFilter | undefined, columns: readonly Column[], data: Row): Fragment {
    const { own, node, parent } = this.#place ?? {}
    const moved = columns.filter(({ column }) => [own, node, parent?.column].includes(column))
    if (!access || !moved.length) return nothing
    return this.of(access, (name) => {
      const column = moved.find((one) => one.column === name)
      return column
        ? { sql: '?::text', bindings: [this.#codec.toColumn(column, data[column.field])] }
        : { sql: `r.${quote(name)}`, bindings: [] }
    })
  }

  /** Who may make only what is their own makes it in their own name; who may make more, unless they say otherwise. */
  owned(input: Row, access: AccessFilter | undefined): Row {
    const owner = this.#ownerField(access)
    if (owner === undefined || (access?.nodes.length && input[owner] !== undefined)) return input
    return { ...input, [owner]: access?.own }
  }

  /** Who replaces a record of their own keeps it. */
  kept(input: Row, access: AccessFilter | undefined): Row {
    const owner = this.#ownerField(access)
    if (owner === undefined || access?.nodes.length || input[owner] !== undefined) return input
    return { ...input, [owner]: access?.own }
  }

  #ownerField(access: AccessFilter | undefined): string | undefined {
    const { scopes } = this.#resource
    const limited = access?.own !== undefined && !access.everywhere
    return limited && scopes && 'own' in scopes ? scopes.own : undefined
  }
}
