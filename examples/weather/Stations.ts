import type { Context } from '@signalbox/plugin'
import { askStation, type Measurement } from './askStation.ts'
import type { WeatherConfig } from './config.ts'
import { stationRoom } from './resources/followStation.ts'
import { stations } from './resources/stations.ts'

/** The running plugin: what its handlers talk to. */
export class Stations {
  readonly #ctx: Context<WeatherConfig>

  private constructor(ctx: Context<WeatherConfig>) {
    this.#ctx = ctx
  }

  static async start(ctx: Context<WeatherConfig>): Promise<Stations> {
    const running = new Stations(ctx)
    const every = ctx.config.intervalSeconds * 1000
    await ctx.task({ name: 'measure', every, run: (signal) => running.measureAll(signal) })
    return running
  }

  /** Asks one station, keeps what it says and tells those who follow it. */
  async measure(id: string, signal: AbortSignal = this.#ctx.signal): Promise<Measurement> {
    const ctx = this.#ctx
    const { url, name } = await ctx.service(stations).get(id)
    const { apiKey } = await ctx.reveal(stations, id)
    const timeout = AbortSignal.timeout(ctx.config.timeoutSeconds * 1000)
    const measured = await askStation({ url, apiKey, signal: AbortSignal.any([signal, timeout]) })
    await ctx.service(stations).patch(id, { ...measured, measuredAt: ctx.clock.now().toISOString() })
    ctx.emit(stations, 'measurement', { stationId: id, ...measured }, { room: stationRoom(id) })
    if (measured.windSpeed >= ctx.setting<number>('gustSpeed')) {
      ctx.emit(stations, 'gust', { stationId: id, name, windSpeed: measured.windSpeed })
    }
    return measured
  }

  /** Asks all of them; one that fails does not keep the others from their turn. */
  async measureAll(signal: AbortSignal): Promise<void> {
    const ctx = this.#ctx
    for (const { id, name } of await ctx.service(stations).find()) {
      if (signal.aborted) return
      await this.measure(id, signal).catch((error: Error) => {
        ctx.log.warn({ station: id, reason: error.message }, `The station ${name} could not be asked`)
      })
    }
  }
}
