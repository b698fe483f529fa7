import type { JobRepository } from 'agenda'
import type { Schedule } from './Schedule.ts'

/** What the row of a recurring task carries. */
export interface Recurrence extends Schedule {
  /** The first occurrence since this schedule was set, ISO 8601: where a run under the former schedule goes on. */
  readonly first: string
}

/** What the row of deferred work carries. */
export interface Deferral {
  readonly payload: unknown
  readonly key?: string
}

export interface RecurringRow {
  readonly name: string
  readonly data: Recurrence
  readonly nextRunAt: Date | null
  readonly lastRunAt: Date | null
  readonly failReason: string | null
}

/**
 * Agenda's repository with the statements of our own. A row is *held* by the node that locked it last, and only
 * that node can renew the lock or finish the run. While it runs, its next run is empty; finished without a next
 * run, it is deleted.
 */
export interface TaskRepository extends JobRepository {
  /** Those of `names` with a row that is free and due by `before`, or whose lock is from before `lapsed`. */
  due(names: readonly string[], before: Date, lapsed: Date): Promise<ReadonlySet<string>>
  /**
   * Inserts the row of a recurring task, or gives it another schedule. A next run in the future moves to
   * `first`; an overdue one stays; one under way ends first.
   */
  schedule(name: string, recurrence: Recurrence): Promise<void>
  /** Inserts deferred work, unless its key waits already. */
  defer(name: string, deferral: Deferral, at: Date): Promise<void>
  /** Frees what `node` holds, or what anybody holds; a run that had started is due again. */
  release(node?: string): Promise<void>
  recurring(names: readonly string[]): Promise<readonly RecurringRow[]>
  /** Gives back what it took of the store, which stays open if others opened it. */
  close(): Promise<void>
}
