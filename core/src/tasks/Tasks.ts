import type { Task } from '@signalbox/plugin'

/** When a deferred run is due, and what it must not pile up with. */
export interface OnceOptions {
  /** Not before this moment. Default: now. */
  readonly at?: Date
  /** While one with this key still waits, another is not added. One that has started no longer counts. */
  readonly key?: string
}

export interface HandleOptions {
  /** Milliseconds after which a run is given up, which counts as a failure. Default 10 minutes. */
  readonly timeout?: number
}

export interface StopOptions {
  /** Milliseconds that runs under way get to end by themselves before their signals are aborted. */
  readonly graceMs: number
}

/** One recurring task as an operator sees it. */
export interface TaskStatus {
  readonly name: string
  readonly every: string | number
  /** Absent while it runs. */
  readonly nextRunAt?: Date
  readonly lastRunAt?: Date
  /** Why the last run failed; absent when it did not. */
  readonly lastError?: string
}

export interface TasksStatus {
  /** Runs under way on this node. */
  readonly running: number
  readonly tasks: readonly TaskStatus[]
}

/**
 * Deferred and recurring work, shared by all nodes on one store. Each occurrence is run by one node, and again
 * by another if that one dies in it: a run must bear being repeated.
 */
export interface Tasks {
  /**
   * Declares a recurring task, stored as `<owner>.<name>`. A missed run is made up for once. A changed schedule
   * replaces the stored one, but a run that is overdue comes first. Two runs of a task never overlap, unless
   * one ignores its aborted signal and is given up. Declared again, it is replaced.
   *
   * @throws `invalid` for a schedule or timeout that makes no sense
   */
  add(owner: string, task: Task): Promise<void>
  /**
   * Puts work off to the node that handles `<owner>.<name>`. Inside a unit of work it is part of it, unless the
   * store is Mongo. The payload is JSON.
   */
  once(owner: string, name: string, payload: unknown, options?: OnceOptions): Promise<void>
  /** Names who does deferred work. A run that fails is repeated three times, ever later, then dropped. */
  handle(
    owner: string,
    name: string,
    run: (payload: any, signal: AbortSignal) => Promise<void>,
    options?: HandleOptions
  ): void
  start(): Promise<void>
  /** Takes no more work, waits for what runs, hands what was interrupted to the next node. */
  stop(options: StopOptions): Promise<void>
  status(): Promise<TasksStatus>
}
