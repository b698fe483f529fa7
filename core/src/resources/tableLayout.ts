import { baseFields, type Resource } from '@signalbox/plugin'
import type { TProperties, TSchema } from 'typebox'
import { typesOf } from './coerce.ts'
import type { OwnedAugmentation } from './OwnedAugmentation.ts'
import { toSnake } from './names.ts'

/** What a column holds: `json` is serialised, `time` is read as a Date, the rest are as they are. */
export type ColumnKind = 'text' | 'number' | 'boolean' | 'json' | 'time'

export interface Column {
  readonly field: string
  readonly column: string
  readonly kind: ColumnKind
  /** Where the column stands: the resource's own table, or the place of its side table in `sides`. */
  readonly side: number | undefined
  /** What a new record holds where nothing is said. */
  readonly initial: unknown
}

export interface SideTable {
  readonly table: string
  readonly columns: readonly Column[]
}

/** Where each field of a record is stored. */
export interface TableLayout {
  readonly table: string
  /** Every column that is read: base, own and augmented, secrets left out. */
  readonly columns: readonly Column[]
  /** The own table's columns that a write may set, secrets included. */
  readonly writable: readonly Column[]
  readonly sides: readonly SideTable[]
  readonly byField: ReadonlyMap<string, Column>
}

export function tableLayout(resource: Resource, augmentations: readonly OwnedAugmentation[]): TableLayout {
  const secrets = new Set<string>(resource.secrets ?? [])
  const base = columnsOf(baseFields)
  const own = columnsOf(resource.schema.properties)
  const sides = augmentations
    .filter(({ augmentation }) => augmentation.table && augmentation.fields)
    .map(({ augmentation }, side) => ({
      table: augmentation.table as string,
      columns: columnsOf(augmentation.fields as TProperties, side)
    }))
  const columns = [
    ...base,
    ...own.filter(({ field }) => !secrets.has(field)),
    ...sides.flatMap((side) => side.columns)
  ]
  return {
    table: resource.table,
    columns,
    writable: own,
    sides,
    byField: new Map(columns.map((column) => [column.field, column]))
  }
}

function columnsOf(properties: TProperties, side?: number): Column[] {
  return Object.entries(properties).map(([field, schema]) => ({
    field,
    column: toSnake(field),
    kind: kindOf(schema),
    side,
    initial: (schema as { default?: unknown }).default
  }))
}

function kindOf(schema: TSchema): ColumnKind {
  if ((schema as { format?: string }).format === 'date-time') return 'time'
  const types = typesOf(schema)
  if (types.has('object') || types.has('array') || types.has('undefined')) return 'json'
  if (types.has('number') || types.has('integer')) return 'number'
  return types.has('boolean') ? 'boolean' : 'text'
}
