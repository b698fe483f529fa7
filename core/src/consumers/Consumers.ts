import type { Lease, Logger } from '@signalbox/plugin'
import type { Knex } from 'knex'
import type { Feed } from '../feed/Feed.ts'
import type { Leases } from '../leases/Leases.ts'
import { Consumer, type ChangeHandler } from './Consumer.ts'
import { ConsumerTable } from './ConsumerTable.ts'

export interface ConsumersOptions {
  readonly feed: Pick<Feed, 'read' | 'listen'>
  readonly knex: Knex
  readonly leases: Pick<Leases, 'take'>
  readonly log: Logger
}

export interface ConsumerStatus {
  readonly name: string
  /** Changes that it has yet to take. */
  readonly lag: number
  /** Whether it runs on this node. */
  readonly here: boolean
  /** Why it does not get on, where it runs on this node. */
  readonly error?: string
}

/** The readers of the feed that keep their place in it: each runs on one node at a time. */
export class Consumers {
  readonly #options: ConsumersOptions
  readonly #table: ConsumerTable
  readonly #running = new Map<string, { readonly consumer: Consumer; readonly lease: Lease }>()

  constructor(options: ConsumersOptions) {
    this.#options = options
    this.#table = new ConsumerTable(options.knex)
  }

  /** Begins to hand over; returns the way to stop, which waits for the change that is being handled. */
  async add(name: string, handler: ChangeHandler): Promise<() => Promise<void>> {
    const { feed, leases, log } = this.#options
    await this.#table.enter(name)
    const read: Feed['read'] = (since, limit) => feed.read(since, limit)
    const consumer = new Consumer({ name, handler, table: this.#table, read, log })
    const deafen = feed.listen(consumer.wake)
    const lease = await leases.take(`consumer/${name}`, (held) => consumer.run(held))
    this.#running.set(name, { consumer, lease })
    return async () => {
      deafen()
      this.#running.delete(name)
      await lease.release()
    }
  }

  async status(): Promise<ConsumerStatus[]> {
    if (!this.#running.size) return []
    const lags = await this.#table.lags([...this.#running.keys()])
    return [...this.#running].map(
      ([
        name,
        {
          consumer: { error },
          lease
        }
      ]) => ({
        name,
        lag: lags.get(name) ?? 0,
        here: lease.held,
        ...(error !== undefined && { error })
      })
    )
  }
}
