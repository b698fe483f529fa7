import { AsyncLocalStorage } from 'node:async_hooks'
import type { Knex } from 'knex'
import { PlatformError } from '@signalbox/plugin'
import { mapDatabaseError } from './mapDatabaseError.ts'

interface Unit {
  readonly transaction: Knex.Transaction
  readonly afterCommit: (() => void)[]
  /** A joined part failed: what it wrote must not be committed, even where its error was caught. */
  doomed: boolean
}

/** Transactions that travel by themselves: nobody passes one on, so nobody can forget to. */
export interface UnitsOfWork {
  /** The current transaction, or the pool outside of one. */
  db(): Knex
  /** Runs `work` in one transaction; inside another unit of work it joins that one. */
  run<T>(work: () => Promise<T>): Promise<T>
  /** Runs after the current unit commits, never after a rollback; at once outside of one. */
  afterCommit(run: () => void): void
}

export function createUnitsOfWork(knex: Knex): UnitsOfWork {
  const storage = new AsyncLocalStorage<Unit | undefined>()

  const join = async <T>(unit: Unit, work: () => Promise<T>): Promise<T> => {
    try {
      return await work()
    } catch (error) {
      unit.doomed = true
      throw error
    }
  }

  const begin = async <T>(work: () => Promise<T>): Promise<T> => {
    const afterCommit: (() => void)[] = []
    const result = await knex
      .transaction(async (transaction) => {
        const unit: Unit = { transaction, afterCommit, doomed: false }
        const value = await storage.run(unit, work)
        if (unit.doomed) {
          throw new PlatformError('internal', 'A part of this unit of work failed, so none of it was kept.')
        }
        return value
      })
      .catch((error: unknown) => {
        throw mapDatabaseError(error)
      })
    // Outside the unit again: what runs now must not find a transaction that is over.
    storage.run(undefined, () => afterCommit.forEach((run) => run()))
    return result
  }

  return {
    db: () => storage.getStore()?.transaction ?? knex,
    run: (work) => {
      const unit = storage.getStore()
      return unit ? join(unit, work) : begin(work)
    },
    afterCommit: (run) => {
      const unit = storage.getStore()
      if (unit) unit.afterCommit.push(run)
      else run()
    }
  }
}
