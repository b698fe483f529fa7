import type { Knex } from 'knex'

/** Where each consumer is in the feed. */
export class ConsumerTable {
  readonly #knex: Knex

  constructor(knex: Knex) {
    this.#knex = knex
  }

  /** A new consumer begins at the feed's end. */
  async enter(name: string): Promise<void> {
    await this.#knex.raw(
      'insert into core_consumers (name, seq) select ?, last_seq from core_feed on conflict (name) do nothing',
      [name]
    )
  }

  /** Where to read on; undefined where a later owner has begun. */
  async own(name: string, fence: number): Promise<number | undefined> {
    const rows = (await this.#knex('core_consumers')
      .where({ name })
      .where('fence', '<=', fence)
      .update({ fence })
      .returning('seq')) as { seq: number }[]
    return rows[0]?.seq
  }

  /** Whether it was kept: an owner whose lease has passed on keeps nothing. */
  async advance(
    name: string,
    { seq, fence }: { readonly seq: number; readonly fence: number }
  ): Promise<boolean> {
    const rows = await this.#knex('core_consumers')
      .where({ name, fence })
      .update({ seq, updated_at: this.#knex.fn.now() })
    return rows > 0
  }

  /** How many changes each of these has yet to take. */
  async lags(names: readonly string[]): Promise<ReadonlyMap<string, number>> {
    const { rows } = (await this.#knex.raw(
      `select name, (select last_seq from core_feed) - seq as lag from core_consumers where name = any(?)`,
      [[...names]]
    )) as { rows: { name: string; lag: number }[] }
    return new Map(rows.map(({ name, lag }) => [name, lag]))
  }
}
