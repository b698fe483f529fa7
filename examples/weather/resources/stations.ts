import { Type } from 'typebox'
import { defineResource } from '@signalbox/plugin'

const celsius = Type.Number({ description: '°C' })
const metresPerSecond = Type.Number({ description: 'm/s' })

/** What a station answers to a GET of its URL. */
export const measurement = Type.Object({ temperature: celsius, windSpeed: metresPerSecond })

/** Weather stations: devices that answer a GET with JSON. */
export const stations = defineResource({
  path: 'stations',
  singular: 'station',
  description: 'Weather stations: devices that answer a GET with JSON',
  table: 'weather_stations',
  schema: Type.Object({
    name: Type.String({ minLength: 1, maxLength: 200 }),
    url: Type.String({ pattern: '^https?://', maxLength: 2000, examples: ['http://192.0.2.7/now'] }),
    apiKey: Type.Optional(Type.String({ maxLength: 500, description: 'Write only; sent as a bearer token' })),
    temperature: Type.Optional(celsius),
    windSpeed: Type.Optional(metresPerSecond),
    measuredAt: Type.Optional(Type.String({ format: 'date-time' }))
  }),
  secrets: ['apiKey'],
  readOnly: ['temperature', 'windSpeed', 'measuredAt'],
  defaultSort: { name: 1 },
  search: ['name'],
  methods: {
    measure: { description: 'Asks the station now', on: 'record', output: measurement }
  },
  events: {
    gust: Type.Object({ stationId: Type.String(), name: Type.String(), windSpeed: metresPerSecond }),
    measurement: Type.Object({ stationId: Type.String(), ...measurement.properties })
  },
  grants: { operator: ['read', 'measure'], viewer: ['read'] }
})
