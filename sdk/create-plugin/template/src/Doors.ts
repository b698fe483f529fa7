import type { Context } from '@signalbox/plugin'
import type { Config } from './config.ts'
import { doors } from './resources/doors.ts'

/** The running plugin: what its handlers talk to. */
export class Doors {
  readonly #ctx: Context<Config>

  private constructor(ctx: Context<Config>) {
    this.#ctx = ctx
  }

  static async start(ctx: Context<Config>): Promise<Doors> {
    const running = new Doors(ctx)
    await ctx.task({ name: 'lock', every: 1000, run: () => running.lockOverdue() })
    return running
  }

  async unlock(id: string): Promise<{ unlockedUntil: string }> {
    const { clock, config } = this.#ctx
    const unlockedUntil = new Date(clock.now().getTime() + config.unlockedSeconds * 1000).toISOString()
    await this.#ctx.service(doors).patch(id, { unlockedUntil })
    return { unlockedUntil }
  }

  /** Locks every door whose time is up, and says so to those who may read it. */
  async lockOverdue(): Promise<void> {
    const { clock } = this.#ctx
    const overdue = await this.#ctx
      .service(doors)
      .find({ unlockedUntil: { $lte: clock.now().toISOString() } })
    for (const door of overdue) {
      const locked = await this.#ctx.service(doors).patch(door.id, { unlockedUntil: null })
      this.#ctx.emit(doors, 'door:locked', { doorId: door.id, name: door.name }, { about: locked })
    }
  }
}
