import type { Knex } from 'knex'

/** One step forward of a plugin's tables. It runs once, in a transaction unless `transaction` is false. */
export interface Migration {
  /** Unique within the plugin, in order: `001-cameras`. */
  readonly name: string
  readonly transaction?: boolean
  up(knex: Knex): Promise<void>
}
