import { PlatformError, type Clock } from '@signalbox/plugin'

/** Something that is to happen at a moment. */
export interface Occasion {
  readonly at: Date
  run(): Promise<void>
}

/** Whatever has things happen by a clock. */
export interface Timetable {
  /** The earliest of what is still to happen. */
  next(): Occasion | undefined
}

/**
 * Time that stands still until it is moved. The tasks of a platform that is made with it run while it moves, one
 * after the other, each at its moment, and never by themselves.
 */
export class ManualClock implements Clock {
  readonly #timetables = new Set<Timetable>()
  #now: Date
  #moving: Promise<void> = Promise.resolve()

  /** @param start the moment at which it stands. Default: this one. */
  constructor(start: Date = new Date()) {
    this.#now = checked(start)
  }

  now(): Date {
    return new Date(this.#now)
  }

  /**
   * Lets time pass. Whatever comes due meanwhile happens as often as it comes due, in order, and is waited for. When
   * all of it is over, the first failure among it is thrown.
   */
  advance(milliseconds: number): Promise<void> {
    if (!(milliseconds >= 0)) throw new PlatformError('invalid', `Time cannot advance by ${milliseconds} ms.`)
    return this.#move(async () => {
      const target = checked(new Date(this.#now.getTime() + milliseconds))
      const failures = await this.#happen(target, (occasion) => {
        if (occasion.at > this.#now) this.#now = occasion.at
      })
      this.#now = target
      return failures
    })
  }

  /**
   * Jumps, as for a process that stood still meanwhile: what is overdue then happens once, in order, and is waited
   * for. When all of it is over, the first failure among it is thrown.
   */
  set(date: Date): Promise<void> {
    return this.#move(() => {
      this.#now = checked(date)
      return this.#happen(this.#now)
    })
  }

  /** Has a timetable's occasions happen by this clock; returns the way to end that. */
  drive(timetable: Timetable): () => void {
    this.#timetables.add(timetable)
    return () => void this.#timetables.delete(timetable)
  }

  /** Moves that are asked for at once are made one after the other. */
  #move(make: () => Promise<unknown[]>): Promise<void> {
    const move = this.#moving.then(make)
    this.#moving = move.then(ignore, ignore)
    return move.then((failures) => {
      if (failures.length > 0) throw failures[0]
    })
  }

  async #happen(until: Date, before: (occasion: Occasion) => void = ignore): Promise<unknown[]> {
    const failures: unknown[] = []
    for (let due = this.#due(until); due; due = this.#due(until)) {
      before(due)
      await due.run().catch((error: unknown) => failures.push(error))
    }
    return failures
  }

  #due(until: Date): Occasion | undefined {
    const next = [...this.#timetables].flatMap((timetable) => timetable.next() ?? [])
    const [earliest] = next.toSorted((one, other) => one.at.getTime() - other.at.getTime())
    return earliest && earliest.at <= until ? earliest : undefined
  }
}

function ignore(): void {}

function checked(date: Date): Date {
  if (!Number.isNaN(date.getTime())) return new Date(date)
  throw new PlatformError('invalid', 'This is no moment that a clock can show: give a valid Date.')
}
