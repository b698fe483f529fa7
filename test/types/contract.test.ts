import { Type } from 'typebox'
import {
  defineCommand,
  definePlugin,
  defineResource,
  extensionPoint,
  withDefault,
  type ServiceOf
} from '@signalbox/plugin'

const stations = defineResource({
  path: 'stations',
  singular: 'station',
  description: 'Weather stations',
  table: 'weather_stations',
  schema: Type.Object({
    name: Type.String(),
    altitude: Type.Optional(Type.Number()),
    enabled: withDefault(Type.Boolean(), true),
    apiKey: Type.Optional(Type.String()),
    lastSeen: Type.Optional(Type.String())
  }),
  secrets: ['apiKey'],
  readOnly: ['lastSeen'],
  detail: { reading: Type.Optional(Type.Number()) },
  methods: {
    calibrate: { description: 'Calibrates it', on: 'record', input: Type.Object({ offset: Type.Number() }) },
    nearest: { description: 'Finds it', on: 'collection', output: Type.Object({ id: Type.String() }) },
    reset: { description: 'Resets it', on: 'record', output: 'record' }
  },
  events: { gust: Type.Object({ stationId: Type.String(), speed: Type.Number() }) }
})

interface Sensor {
  readonly name: string
  read(): Promise<number>
}
const sensors = extensionPoint<Sensor>('weather.sensors')

/** Compiled, never run: each `@ts-expect-error` fails the type check when the contract grows lax. */
export async function contract(service: ServiceOf<typeof stations>): Promise<void> {
  const [first] = await service.find({ name: 'Roof', altitude: { $gt: 5 }, $sort: { name: 1 } })
  const altitude: number | null | undefined = first?.altitude
  const detail = await service.get('1')
  const reading: number | null = detail.reading
  await service.create({ name: 'Roof', apiKey: 'k', altitude: altitude ?? reading })
  await service.patch('1', { altitude: null, version: 2 })
  await service.calibrate('1', { offset: 2 })
  const { id } = await service.nearest()
  const reset: { reading: number | null } = await service.reset(id)
  void reset
  service.on('gust', (gust) => gust.speed.toFixed())
  service.on('created', (station) => station.name.padEnd(id.length))
  // @ts-expect-error a secret is never in a record
  void detail.apiKey
  // @ts-expect-error unknown field in a query
  await service.find({ nope: 1 })
  // @ts-expect-error wrong type
  await service.create({ name: 1 })
  await service.create({ name: 'Roof', lastSeen: 'now' })
  // @ts-expect-error unknown event
  service.on('nothing', () => {})
  // @ts-expect-error a method's input is checked
  await service.calibrate('1', { offset: 'x' })
}

const command = {
  name: 'follow',
  description: 'Follows',
  reply: 'following',
  input: Type.String(),
  output: Type.Null()
}
const leave = defineCommand(command)

export const rooms = [
  defineCommand({
    ...command,
    room: { service: stations, method: 'follow', leave, events: ['gust'], key: 'stationId' }
  }),
  defineCommand({
    ...command,
    // @ts-expect-error the service has no such event
    room: { service: stations, method: 'follow', leave, events: ['gusts'], key: 'stationId' }
  }),
  defineCommand({
    ...command,
    // @ts-expect-error the event has no such field
    room: { service: stations, method: 'follow', leave, events: ['gust'], key: 'id' }
  }),
  defineCommand({
    ...command,
    // @ts-expect-error it is left with another input
    input: Type.Integer(),
    room: { service: stations, method: 'follow', leave, events: ['gust'], key: 'stationId' }
  })
]

export const weather = definePlugin({
  name: '@acme/weather',
  version: '1.0.0',
  platform: '^1.0.0',
  config: Type.Object({ days: Type.Integer({ default: 7 }) }),
  resources: [stations],
  register(ctx) {
    ctx.extend(sensors, { name: 'none', read: async () => ctx.config.days })
    // @ts-expect-error not a sensor
    ctx.extend(sensors, { name: 'x' })
    ctx.handle(stations, {
      calibrate: (call) => void call.data.offset.toFixed(),
      nearest: async () => ({ id: '1' }),
      reset: ({ id }) => ctx.running.service(stations).get(id)
    })
    // @ts-expect-error a handler is missing
    ctx.handle(stations, { calibrate: () => {} })
    const { calibrate, nearest } = { calibrate: () => {}, nearest: () => ({ id: '1' }) }
    // @ts-expect-error a method that answers the record answers nothing less
    ctx.handle(stations, { calibrate, nearest, reset: () => ({ id: '1' }) })
  },
  async start(ctx) {
    ctx.emit(stations, 'gust', { stationId: '1', speed: 1 })
    // @ts-expect-error wrong payload
    ctx.emit(stations, 'gust', { stationId: '1', speed: '1' })
  }
})
