import { Type } from 'typebox'
import { definePlugin, type HookContext, PlatformError } from '@signalbox/plugin'
import { cameras } from '@signalbox/recorder'
import { weatherConfig } from './config.ts'
import { migrations } from './migrations.ts'
import { cameraWeather } from './resources/cameraWeather.ts'
import { followStation, stationRoom, unfollowStation } from './resources/followStation.ts'
import { stations } from './resources/stations.ts'
import { Stations } from './Stations.ts'

/** Weather stations, and the weather at each camera. */
export const weather = definePlugin({
  name: '@example/weather',
  version: '1.0.0',
  platform: '^1.0.0',
  requires: { '@signalbox/recorder': '^0.1.0' },
  config: weatherConfig,
  settings: {
    gustSpeed: {
      description: 'The wind from which a measurement is a gust, in m/s',
      schema: Type.Number({ default: 20, minimum: 0 })
    }
  },
  resources: [stations],
  augmentations: [cameraWeather],
  commands: [followStation, unfollowStation],
  migrations,
  start: (ctx) => Stations.start(ctx),
  register(ctx) {
    const checkStation = async ({ data }: HookContext): Promise<void> => {
      const { stationId }: { readonly stationId?: unknown } = data
      if (typeof stationId !== 'string') return
      if (await ctx.running.service(stations).count({ id: stationId })) return
      throw new PlatformError('invalid', `There is no station with the id ${stationId}.`, {
        errors: [{ field: 'stationId', message: 'must be the id of a station' }]
      })
    }
    ctx.prepare(cameras, { create: checkStation, update: checkStation, patch: checkStation })
    ctx.handle(stations, { measure: ({ id }) => ctx.started.measure(id) })
    ctx.augment(cameraWeather, {
      weather: async ({ id }) => {
        const { stationId }: Readonly<Record<string, unknown>> = await ctx.running.service(cameras).get(id)
        if (typeof stationId !== 'string') throw new PlatformError('conflict', 'This camera has no station.')
        const station = await ctx.running.service(stations).get(stationId)
        const { temperature, windSpeed, measuredAt } = station
        return { stationId, temperature, windSpeed, measuredAt }
      }
    })
    ctx.command(followStation, async (id, connection) => {
      await ctx.running.service(stations, { as: connection.caller }).get(id)
      connection.join(stationRoom(id))
      return { room: stationRoom(id) }
    })
    ctx.command(unfollowStation, (id, connection) => {
      connection.leave(stationRoom(id))
      return { room: stationRoom(id) }
    })
  }
})
