import type { Logger } from '@signalbox/plugin'
import type { Knex } from 'knex'
import { toChange, type Change, type ChangeRow } from './Change.ts'
import { maintainPartitions } from './partitions.ts'
import { Sequencer } from './Sequencer.ts'

export type FeedListener = (change: Change) => void

export interface FeedOptions {
  readonly knex: Knex
  readonly log: Logger
  readonly retentionDays: number
}

/** The ordered stream of committed changes. */
export class Feed {
  readonly #knex: Knex
  readonly #log: Logger
  readonly #retentionDays: number
  readonly #listeners = new Set<FeedListener>()
  readonly #sequencer: Sequencer

  constructor({ knex, log, retentionDays }: FeedOptions) {
    this.#knex = knex
    this.#log = log
    this.#retentionDays = retentionDays
    this.#sequencer = new Sequencer(knex, (changes) => changes.forEach((change) => this.#tell(change)), log)
  }

  /** To be called after each commit that wrote changes. */
  get wake(): () => void {
    return this.#sequencer.wake
  }

  /** Hears every change in order, from now on. Returns the way to stop. */
  listen(listener: FeedListener): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Numbers what an earlier life of the process committed and did not announce. */
  async start(): Promise<void> {
    await this.maintain()
    this.#sequencer.wake()
    await this.#sequencer.drain()
  }

  async stop(): Promise<void> {
    await this.#sequencer.stop()
  }

  /** Resolves when everything committed so far has been announced. */
  drain(): Promise<void> {
    return this.#sequencer.drain()
  }

  maintain(): Promise<void> {
    return maintainPartitions(this.#knex, this.#retentionDays)
  }

  /** The changes after `since`, oldest first. */
  async read(since: number, limit: number): Promise<Change[]> {
    const rows = (await this.#knex('core_changes')
      .where('seq', '>', since)
      .orderBy('seq')
      .limit(limit)) as ChangeRow[]
    return rows.map(toChange)
  }

  /** The first number that is still kept, and the last that was given. */
  async range(): Promise<{ first: number; last: number }> {
    const { rows } = (await this.#knex.raw(
      'select last_seq as last, coalesce((select min(seq) from core_changes), last_seq + 1) as first from core_feed'
    )) as { rows: { first: number; last: number }[] }
    return rows[0] ?? { first: 1, last: 0 }
  }

  #tell(change: Change): void {
    for (const listener of this.#listeners) {
      try {
        listener(change)
      } catch (error) {
        this.#log.error(
          { err: error, seq: change.seq, resource: change.resource },
          'A listener of the change feed failed'
        )
      }
    }
  }
}
