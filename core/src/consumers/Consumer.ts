import { setTimeout as pause } from 'node:timers/promises'
import type { FeedChange, HeldLease, Logger } from '@signalbox/plugin'
import { errorSentence } from '../errors/errorSentence.ts'
import type { Change } from '../feed/Change.ts'
import type { ConsumerTable } from './ConsumerTable.ts'

const batchSize = 100
const retryMs = { first: 250, most: 60_000 }

export type ChangeHandler = (change: FeedChange, signal: AbortSignal) => Promise<void>

export interface ConsumerOptions {
  readonly name: string
  readonly handler: ChangeHandler
  readonly table: ConsumerTable
  readonly read: (since: number, limit: number) => Promise<readonly Change[]>
  readonly log: Logger
}

/** One reader of the feed, which hands over each change until it was taken, and then the next. */
export class Consumer {
  readonly #options: ConsumerOptions
  #wake: () => void = () => {}
  #error: string | undefined

  constructor(options: ConsumerOptions) {
    this.#options = options
  }

  get name(): string {
    return this.#options.name
  }

  /** Why the present change is handed over again and again. */
  get error(): string | undefined {
    return this.#error
  }

  /** Says that there may be more to read. */
  readonly wake = (): void => this.#wake()

  /** Reads on from where an earlier owner was, until the lease is over. */
  async run({ signal, fence }: HeldLease): Promise<void> {
    const { table, name, read } = this.#options
    signal.addEventListener('abort', this.wake, { once: true })
    let seq = await table.own(name, fence)
    while (seq !== undefined && !signal.aborted) {
      const more = new Promise<void>((resolve) => (this.#wake = resolve))
      const changes = await read(seq, batchSize)
      if (!changes.length) {
        await more
        continue
      }
      this.#tellGap(seq, changes)
      const handed = await this.#hand(changes, seq, signal)
      seq = (await table.advance(name, { seq: handed, fence })) ? handed : undefined
    }
  }

  /** The number of the last change that was taken. */
  async #hand(changes: readonly Change[], since: number, signal: AbortSignal): Promise<number> {
    let seq = since
    for (const change of changes) {
      if (!(await this.#handOne(change, signal))) break
      seq = change.seq
    }
    return seq
  }

  async #handOne(given: Change, signal: AbortSignal): Promise<boolean> {
    const { handler, name, log } = this.#options
    const { scopesBefore: _, scopesAfter: _after, ...change } = given
    for (let wait = retryMs.first; !signal.aborted; wait = Math.min(wait * 2, retryMs.most)) {
      try {
        await handler(change, signal)
        this.#error = undefined
        return true
      } catch (error) {
        this.#error = errorSentence(error)
        log.warn(
          { err: error, consumer: name, seq: change.seq },
          'A consumer failed; it gets the change again'
        )
        await pause(wait, undefined, { signal }).catch(() => {})
      }
    }
    return false
  }

  #tellGap(since: number, changes: readonly Change[]): void {
    const { name, log } = this.#options
    const next = changes[0]?.seq ?? 0
    if (next > since + 1)
      log.error(
        { consumer: name, from: since + 1, to: next - 1 },
        'A consumer missed changes that are not kept any more'
      )
  }
}
