import { randomUUID } from 'node:crypto'
import { performance } from 'node:perf_hooks'
import type { HeldLease, Lease, LeaseOptions, Logger } from '@signalbox/plugin'
import type { NodeBus } from '../nodes/NodeBus.ts'
import { LeaseTable, type LeaseQuery } from './LeaseTable.ts'

const defaultLifeMs = 6000
/** A node that is alone with its database holds what it takes. */
const soleLifeMs = 1e12
const lookEveryMs = 100
/** After a run that ended by itself. */
const pauseMs = 1000

/** What the holder does: it lasts as long as the lease is held. */
export type LeaseRun = (held: HeldLease) => Promise<void>

export interface LeasesOptions {
  readonly query: LeaseQuery
  readonly bus: NodeBus
  /** Names this node among those of the deployment, through all its lives. */
  readonly instance: string
  /** Nobody else uses the database. */
  readonly sole: boolean
  readonly log: Logger
}

interface Holding {
  readonly fence: number
  readonly controller: AbortController
  /** By this node's clock, before the database was asked. */
  renewedAt: number
  ended: Promise<void>
}

interface Wish {
  readonly key: string
  readonly run: LeaseRun
  readonly elsewhere: () => void
  readonly lifeMs: number
  dueAt: number
  holding: Holding | undefined
}

/**
 * The leases that this node holds or waits for. A lease is renewed at a third of its life and let go at two thirds when
 * that did not succeed: by the node's own clock, so that one that is cut off lets go before another may begin.
 */
export class Leases {
  readonly #options: LeasesOptions
  readonly #table: LeaseTable
  readonly #wishes = new Map<string, Wish>()
  #round: Promise<void> | undefined
  #timer: NodeJS.Timeout | undefined
  #failing = false

  constructor(options: LeasesOptions) {
    this.#options = options
    this.#table = new LeaseTable(options.query, `${options.instance}/${randomUUID()}`)
  }

  /** Frees what an earlier life of this node left, which is over: a data directory has one process. */
  async open(): Promise<void> {
    const { instance, sole, bus } = this.#options
    await this.#table.free(sole ? '' : `${instance}/`)
    bus.hear('lease-free', (key) => this.#hurry(key))
    this.#timer = setInterval(() => this.#look(), lookEveryMs)
  }

  /**
   * Has `run` run while this node holds the lease. Exactly one node does; where `run` ends by itself the lease is free
   * for a second, and whoever is first takes it. Resolves when it was first asked for.
   */
  async take(key: string, run: LeaseRun, options: LeaseOptions = {}): Promise<Lease> {
    const { lifeMs = defaultLifeMs, elsewhere = () => {} } = options
    if (this.#wishes.has(key)) throw new Error(`The lease ${key} is asked for twice on one node.`)
    const wish: Wish = {
      key,
      run,
      elsewhere,
      lifeMs: this.#options.sole ? soleLifeMs : lifeMs,
      dueAt: 0,
      holding: undefined
    }
    this.#wishes.set(key, wish)
    await this.#round
    await (this.#round ?? this.#begin())
    return {
      get held() {
        return wish.holding !== undefined && !wish.holding.controller.signal.aborted
      },
      release: () => this.#release(wish)
    }
  }

  /** Gives up all that is left. */
  async close(): Promise<void> {
    clearInterval(this.#timer)
    await Promise.all([...this.#wishes.values()].map((wish) => this.#release(wish)))
    await this.#round
  }

  async #release(wish: Wish): Promise<void> {
    if (this.#wishes.get(wish.key) === wish) this.#wishes.delete(wish.key)
    await this.#round
    wish.holding?.controller.abort(new Error('It was given up.'))
    await wish.holding?.ended
  }

  #hurry(key: string): void {
    const wish = this.#wishes.get(key)
    if (!wish || wish.holding) return
    wish.dueAt = 0
    this.#look()
  }

  #look(): void {
    const now = performance.now()
    for (const { holding, lifeMs, key } of this.#wishes.values()) {
      if (holding && now - holding.renewedAt >= (lifeMs * 2) / 3)
        this.#lose(holding, key, 'could not be renewed')
    }
    if (!this.#round && this.#due(now).length) void this.#begin()
  }

  #due(now: number): Wish[] {
    return [...this.#wishes.values()].filter(
      ({ dueAt, holding }) => dueAt <= now && !holding?.controller.signal.aborted
    )
  }

  #begin(): Promise<void> {
    this.#round = this.#ask().finally(() => (this.#round = undefined))
    return this.#round
  }

  async #ask(): Promise<void> {
    const now = performance.now()
    const due = this.#due(now)
    for (const wish of due) wish.dueAt = now + wish.lifeMs / 3
    try {
      await this.#renew(due, now)
      await this.#acquire(due.filter(({ holding }) => !holding))
      this.#failing = false
    } catch (error) {
      for (const wish of due) wish.dueAt = Math.min(wish.dueAt, now + pauseMs / 4)
      if (!this.#failing)
        this.#options.log.warn({ err: error }, 'The leases could not be looked after; trying again')
      this.#failing = true
    }
  }

  async #renew(due: readonly Wish[], now: number): Promise<void> {
    const terms = due.flatMap(({ key, lifeMs, holding }) =>
      holding ? [{ key, lifeMs, fence: holding.fence, holding }] : []
    )
    if (!terms.length) return
    const renewed = new Set((await this.#table.renew(terms)).map(({ key }) => key))
    for (const { key, holding } of terms) {
      if (renewed.has(key)) holding.renewedAt = now
      else this.#lose(holding, key, 'was taken by another node')
    }
  }

  async #acquire(wanted: readonly Wish[]): Promise<void> {
    if (!wanted.length) return
    const now = performance.now()
    const taken = new Map((await this.#table.take(wanted)).map(({ key, fence }) => [key, fence]))
    for (const wish of wanted) {
      const fence = taken.get(wish.key)
      if (fence === undefined) wish.elsewhere()
      else this.#hold(wish, fence, now)
    }
  }

  #hold(wish: Wish, fence: number, renewedAt: number): void {
    const controller = new AbortController()
    const holding: Holding = { fence, controller, renewedAt, ended: Promise.resolve() }
    wish.holding = holding
    wish.dueAt = renewedAt + wish.lifeMs / 3
    holding.ended = this.#run(wish, holding)
  }

  async #run(wish: Wish, { fence, controller: { signal } }: Holding): Promise<void> {
    const { log, bus } = this.#options
    try {
      await wish.run({ signal, fence })
    } catch (error) {
      log.error({ err: error, lease: wish.key }, 'What runs under a lease failed')
    }
    try {
      await this.#table.give({ key: wish.key, fence })
      bus.tell('lease-free', wish.key)
    } catch {
      // It runs out by itself.
    }
    wish.dueAt = signal.aborted ? 0 : performance.now() + pauseMs
    wish.holding = undefined
  }

  #lose({ controller }: Holding, key: string, why: string): void {
    if (controller.signal.aborted) return
    this.#options.log.warn({ lease: key }, `A lease ${why}; what ran under it ends`)
    controller.abort(new Error(`The lease ${key} ${why}.`))
  }
}
