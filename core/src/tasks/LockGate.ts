import type { Logger } from '@signalbox/plugin'
import type { JobParameters } from 'agenda'

/**
 * What Agenda is told of a lock's age. Its own watch over locks would leave a timer of half a lock's life behind
 * each run and so keep a stopped process from ending; `keepLock` watches instead.
 */
export const neverLapses = new Date(8.64e15)

/** Asks which of `names` are due, where locks from before `lapsed` no longer count. */
type Due = (names: readonly string[], lapsed: Date) => Promise<ReadonlySet<string>>

type Lock = (lapsed: Date) => Promise<JobParameters | undefined>

interface Asking {
  readonly names: string[]
  readonly due: Promise<ReadonlySet<string>>
}

interface LockGateOptions {
  /** Milliseconds that a lock holds without being renewed. */
  readonly lockMs: number
  readonly log: Logger
  /** Whether this process is running the row with this id. */
  readonly runs: (id: string) => boolean
}

/**
 * Stands between Agenda and the statement that locks a row. Agenda asks name by name, each second: all that it
 * asks in one tick becomes one question to the store, and only what is due is locked.
 */
export class LockGate {
  readonly #lockMs: number
  readonly #log: Logger
  readonly #runs: (id: string) => boolean
  readonly #underway = new Set<Promise<unknown>>()
  #asking: Asking | undefined
  #answers = true
  #closed = false

  constructor({ lockMs, log, runs }: LockGateOptions) {
    this.#lockMs = lockMs
    this.#log = log
    this.#runs = runs
  }

  /** Locks the next row of `name` if one is due. */
  async pass(name: string, due: Due, lock: Lock): Promise<JobParameters | undefined> {
    if (this.#closed) return undefined
    const locked = this.#lockDue(name, due, lock)
    this.#underway.add(locked)
    try {
      return await locked
    } finally {
      this.#underway.delete(locked)
    }
  }

  /** Lets nothing more through; resolves when nothing is on its way. */
  async close(): Promise<void> {
    this.#closed = true
    await Promise.allSettled(this.#underway)
  }

  async #lockDue(name: string, due: Due, lock: Lock) {
    const names = await this.#ask(name, due)
    if (this.#closed || !names.has(name)) return undefined
    const row = await lock(this.#lapsed())
    if (row?._id === undefined) return undefined
    row.lockedAt = neverLapses
    // The lock of a run of our own had lapsed while this process stood still: taking it again renewed it.
    return this.#runs(row._id) ? undefined : row
  }

  #lapsed(): Date {
    return new Date(Date.now() - this.#lockMs)
  }

  #ask(name: string, due: Due): Promise<ReadonlySet<string>> {
    if (!this.#asking) {
      const names: string[] = []
      const answer = Promise.resolve().then(() => {
        this.#asking = undefined
        return this.#report(due(names, this.#lapsed()))
      })
      this.#asking = { names, due: answer }
    }
    this.#asking.names.push(name)
    return this.#asking.due
  }

  /** An outage is logged when it begins and when it ends, not each second. */
  async #report(answer: Promise<ReadonlySet<string>>): Promise<ReadonlySet<string>> {
    try {
      const names = await answer
      if (!this.#answers) this.#log.info({}, 'the task store answers again')
      this.#answers = true
      return names
    } catch (error) {
      if (this.#answers) this.#log.error({ err: error }, 'the task store does not answer: no task is started')
      this.#answers = false
      return new Set()
    }
  }
}
