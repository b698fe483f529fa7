import { setTimeout as sleep } from 'node:timers/promises'
import type { HeldLease, Lease, Logger } from '@signalbox/plugin'
import type { Knex } from 'knex'
import type { Node } from '../nodes/Node.ts'
import { toChange, type Change, type ChangeRow } from './Change.ts'
import { Follower } from './Follower.ts'
import { maintainPartitions } from './partitions.ts'
import { Sequencer } from './Sequencer.ts'

export type FeedListener = (change: Change) => void

export interface FeedOptions {
  readonly knex: Knex
  readonly log: Logger
  readonly retentionDays: number
  /** Without it, or where this node is alone with its database, there are no others to agree with. */
  readonly node?: Pick<Node, 'bus' | 'leases' | 'shared'>
}

/** The lease under which changes are numbered. Short, because nothing is announced until it passes on. */
const sequencerLease = { key: 'core/sequencer', lifeMs: 2000 }
/** What a process committed and could not tell, because it was killed, waits so long. */
const pollMs = 250
const lookMs = 5

/**
 * The ordered stream of committed changes. On a server that many nodes share, the one that holds the lease numbers, and
 * each reads by number and tells its own listeners; alone, numbering and telling are one call.
 */
export class Feed {
  readonly #knex: Knex
  readonly #log: Logger
  readonly #retentionDays: number
  readonly #node: FeedOptions['node']
  readonly #listeners = new Set<FeedListener>()
  readonly #sequencer: Sequencer
  readonly #follower: Follower
  #lease: Lease | undefined

  constructor({ knex, log, retentionDays, node }: FeedOptions) {
    this.#knex = knex
    this.#log = log
    this.#retentionDays = retentionDays
    this.#node = node?.shared ? node : undefined
    const tell = (change: Change): void => this.#tell(change)
    this.#follower = new Follower({
      log,
      tell,
      read: (since, limit) => this.read(since, limit),
      last: () => this.#last()
    })
    this.#sequencer = new Sequencer(knex, this.#node ? this.#share : (changes) => changes.forEach(tell), log)
  }

  /** To be called after each commit that wrote changes. */
  readonly wake = (): void => {
    if (!this.#node || this.#lease?.held) this.#sequencer.wake()
    else this.#node.bus.tell('committed')
  }

  /** Hears every change in order, from now on. Returns the way to stop. */
  listen(listener: FeedListener): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Marks where this node begins: whatever is numbered from here on will be told. */
  async open(): Promise<void> {
    if (this.#node) await this.#follower.open()
  }

  /** Numbers what an earlier life of the process committed and did not announce. */
  async start(): Promise<void> {
    await this.maintain()
    if (this.#node) await this.#join(this.#node)
    else this.#sequencer.wake()
    await this.#tellNumbered()
  }

  async stop(): Promise<void> {
    await this.#lease?.release()
    await this.#sequencer.stop()
    await this.#follower.stop()
  }

  /** Resolves when everything committed so far has been announced on this node, whichever numbers it. */
  async drain(): Promise<void> {
    await this.#tellNumbered()
    if (!this.#node) return
    await this.#numbered()
    await this.#tellNumbered()
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

  async #tellNumbered(): Promise<void> {
    await this.#sequencer.drain()
    if (this.#node) await this.#follower.drain()
  }

  /** Another node may not have heard yet of what was committed here. */
  async #numbered(): Promise<void> {
    const unnumbered = this.#knex('core_changes').whereNull('seq')
    const newest = (await unnumbered.clone().max('local_id as id').first()) as { id: number | null }
    if (newest.id === null) return
    while (await unnumbered.clone().where('local_id', '<=', newest.id).first('local_id')) await sleep(lookMs)
  }

  async #last(): Promise<number> {
    const row = (await this.#knex('core_feed').first('last_seq')) as { last_seq: number } | undefined
    return row?.last_seq ?? 0
  }

  async #join({ bus, leases }: Pick<Node, 'bus' | 'leases'>): Promise<void> {
    bus.hear('numbered', this.#follower.wake)
    bus.hear('committed', () => {
      if (this.#lease?.held) this.#sequencer.wake()
    })
    this.#follower.start()
    const { key, lifeMs } = sequencerLease
    this.#lease = await leases.take(key, (held) => this.#number(held), { lifeMs })
  }

  /** Two who number at once would do no harm, because they take turns on the feed's row; but one is enough. */
  async #number({ signal }: HeldLease): Promise<void> {
    this.#sequencer.wake()
    const poll = setInterval(this.#sequencer.wake, pollMs)
    await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }))
    clearInterval(poll)
    await this.#sequencer.drain()
  }

  readonly #share = (changes: readonly Change[]): void => {
    this.#follower.offer(changes)
    this.#node?.bus.tell('numbered')
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
