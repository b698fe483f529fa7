import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from '@signalbox/plugin'
import type { Knex } from 'knex'
import { toChange, type Change, type ChangeRow } from './Change.ts'

const batchSize = 1000
const retryMs = 250
/** Between two batches, so that under load a batch, which costs a commit, is of more than a few changes. */
const restMs = 4

/**
 * Numbers what it can see. Changes are written without a number; after their commit this gives them the next ones,
 * gap-free, within a batch by the local id, which is taken after the row's lock: so one record's changes keep their
 * order, and a slow transaction is never stepped over: it is numbered when it becomes visible. It runs after commits,
 * one batch at a time, and hands each batch on before it takes the next.
 */
export class Sequencer {
  readonly #knex: Knex
  readonly #deliver: (changes: readonly Change[]) => void
  readonly #log: Logger
  #wanted = false
  #running: Promise<void> | undefined
  #retry: NodeJS.Timeout | undefined
  #stopped = false
  #failing = false

  constructor(knex: Knex, deliver: (changes: readonly Change[]) => void, log: Logger) {
    this.#knex = knex
    this.#deliver = deliver
    this.#log = log
  }

  /** Says that a commit may have left something to number. Many calls in one turn make one run. */
  readonly wake = (): void => {
    this.#wanted = true
    if (this.#running || this.#stopped) return
    this.#running = new Promise((resolve) => setImmediate(resolve))
      .then(() => this.#run())
      .finally(() => {
        this.#running = undefined
        if (this.#wanted && !this.#retry) this.wake()
      })
  }

  /** Resolves when everything committed so far is numbered and handed on. */
  async drain(): Promise<void> {
    while (this.#running) await this.#running
  }

  async stop(): Promise<void> {
    this.#stopped = true
    clearTimeout(this.#retry)
    await this.drain()
  }

  async #run(): Promise<void> {
    while (this.#wanted) {
      this.#wanted = false
      try {
        const numbered = await this.#batch()
        this.#failing = false
        if (numbered === batchSize) this.#wanted = true
        else if (this.#wanted) await sleep(restMs)
      } catch (error) {
        if (!this.#failing)
          this.#log.warn({ err: error }, 'The change feed could not be numbered; trying again')
        this.#failing = true
        this.#retryLater()
        return
      }
    }
  }

  async #batch(): Promise<number> {
    const { rows } = (await this.#knex.raw('select * from core_number_changes(?)', [batchSize])) as {
      rows: ChangeRow[]
    }
    if (rows.length) this.#deliver(rows.map(toChange))
    return rows.length
  }

  #retryLater(): void {
    if (this.#stopped) return
    this.#wanted = true
    this.#retry = setTimeout(() => {
      this.#retry = undefined
      this.wake()
    }, retryMs)
  }
}
