import type { SecretBox } from '../data/SecretBox.ts'
import type { Column, TableLayout } from './tableLayout.ts'

export type Row = Record<string, unknown>

/** Turns fields into what their columns hold, and rows into records; secrets go in sealed and never come out. */
export class RowCodec {
  readonly #columns: readonly Column[]
  readonly #secretFields: ReadonlySet<string>
  readonly #box: SecretBox

  constructor({ columns }: TableLayout, secretFields: readonly string[], box: SecretBox) {
    this.#columns = columns
    this.#secretFields = new Set(secretFields)
    this.#box = box
  }

  toColumn({ field, kind }: Column, value: unknown): unknown {
    if (value === undefined || value === null) return null
    if (this.#secretFields.has(field)) return this.#box.seal(value as string)
    return kind === 'json' ? JSON.stringify(value) : value
  }

  fromRow(row: Row): Row {
    const record: Row = {}
    for (const { field, kind } of this.#columns) {
      const value = row[field] ?? null
      record[field] = kind === 'time' && value instanceof Date ? value.toISOString() : value
    }
    return record
  }
}
