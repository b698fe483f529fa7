import type { Logger } from '@signalbox/plugin'
import type { Change } from './Change.ts'

const batchSize = 1000
const pollMs = 250

export interface FollowerOptions {
  readonly log: Logger
  /** The changes after a number, oldest first. */
  readonly read: (since: number, limit: number) => Promise<readonly Change[]>
  /** The last number that was given. */
  readonly last: () => Promise<number>
  readonly tell: (change: Change) => void
}

/** Reads the feed by number from where this node is, and tells every change in order, whoever numbered it. */
export class Follower {
  readonly #options: FollowerOptions
  #seq = 0
  #wanted = false
  #reading: Promise<void> | undefined
  #poll: NodeJS.Timeout | undefined
  #stopped = false
  #failing = false

  constructor(options: FollowerOptions) {
    this.#options = options
  }

  /** Takes the feed's end for where this node begins: it has told nothing to anybody yet. */
  async open(): Promise<void> {
    this.#seq = await this.#options.last()
  }

  start(): void {
    this.#poll = setInterval(this.wake, pollMs)
  }

  /** Changes that this node has numbered itself: told at once where they are the next. */
  readonly offer = (changes: readonly Change[]): void => {
    if (!this.#reading && changes[0]?.seq === this.#seq + 1) this.#pass(changes)
    else this.wake()
  }

  /** Says that there may be something to read. */
  readonly wake = (): void => {
    this.#wanted = true
    if (this.#stopped) return
    this.#reading ??= this.#run().finally(() => (this.#reading = undefined))
  }

  /** Resolves when everything that was numbered so far has been told. */
  async drain(): Promise<void> {
    await this.#reading
    this.wake()
    await this.#reading
  }

  async stop(): Promise<void> {
    this.#stopped = true
    clearInterval(this.#poll)
    await this.#reading
  }

  async #run(): Promise<void> {
    while (this.#wanted) {
      this.#wanted = false
      try {
        await this.#catchUp()
        this.#failing = false
      } catch (error) {
        if (!this.#failing)
          this.#options.log.warn({ err: error }, 'The change feed could not be read; trying again')
        this.#failing = true
      }
    }
  }

  async #catchUp(): Promise<void> {
    const last = await this.#options.last()
    while (this.#seq < last && !this.#stopped) {
      const changes = await this.#options.read(this.#seq, batchSize)
      // What was numbered is there, unless its days have passed meanwhile.
      if (changes.length) this.#pass(changes)
      else this.#seq = last
    }
  }

  #pass(changes: readonly Change[]): void {
    for (const change of changes) {
      this.#seq = change.seq
      this.#options.tell(change)
    }
  }
}
