import type { Knex } from 'knex'

/** How far the feed is behind what was committed. */
export interface FeedLag {
  /** Committed changes without a number; counted up to 10,000. */
  readonly unnumbered: number
  /** The age of the oldest of them, in seconds; 0 where there is none. */
  readonly age: number
  /** The newest number. */
  readonly seq: number
}

/** Reads how far the feed is behind. */
export async function feedLag(knex: Knex): Promise<FeedLag> {
  const { rows } = (await knex.raw(`
    select (select last_seq from core_feed) as seq, count(at)::integer as unnumbered,
      coalesce(extract(epoch from clock_timestamp() - min(at)), 0)::float8 as age
    from (select at from core_changes where seq is null order by local_id limit 10000) waiting`)) as {
    rows: [{ seq: string | number; unnumbered: number; age: number }]
  }
  const [{ seq, unnumbered, age }] = rows
  return { seq: Number(seq), unnumbered, age: Math.max(0, age) }
}
