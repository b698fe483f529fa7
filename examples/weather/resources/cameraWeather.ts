import { Type } from 'typebox'
import { augmentResource } from '@signalbox/plugin'
import { cameras } from '@signalbox/recorder'
import { measurement } from './stations.ts'

/** Gives the recorder's cameras a station, and a way to ask for the weather at the camera. */
export const cameraWeather = augmentResource({
  resource: cameras,
  table: 'weather_cameras',
  fields: { stationId: Type.Optional(Type.String({ description: 'The weather station beside the camera' })) },
  methods: {
    weather: {
      description: 'The weather at the camera, as its station last measured it',
      on: 'record',
      http: 'GET',
      output: Type.Object({
        stationId: Type.String(),
        temperature: Type.Union([measurement.properties.temperature, Type.Null()]),
        windSpeed: Type.Union([measurement.properties.windSpeed, Type.Null()]),
        measuredAt: Type.Union([Type.String({ format: 'date-time' }), Type.Null()])
      })
    }
  },
  grants: { operator: ['weather'], viewer: ['weather'] }
})
