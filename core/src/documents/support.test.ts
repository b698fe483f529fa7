import { augmentResource, defineCommand, defineResource, defineService, recordOf } from '@signalbox/plugin'
import { Type } from 'typebox'
import { resourceModel, serviceModel } from '../resources/Model.ts'
import type { DocumentsInput } from './DocumentsInput.ts'
import { isSchema } from './JsonSchema.ts'

/** Two resources, a service and a command that use what declarations can say. */
export const cameras = defineResource({
  path: 'cameras',
  singular: 'camera',
  description: 'Cameras of the site',
  table: 'recorder_cameras',
  schema: Type.Object({
    name: Type.String({ minLength: 1 }),
    protocol: Type.Enum(['rtsp', 'file'], { default: 'rtsp' }),
    password: Type.Optional(Type.String({ description: 'Write only' })),
    model: Type.Optional(Type.String()),
    tags: Type.Array(Type.String(), { default: [] }),
    streams: Type.Object({ main: Type.String(), sub: Type.Optional(Type.String()) }),
    position: Type.Optional(Type.Tuple([Type.Number(), Type.Number()])),
    labels: Type.Optional(Type.Record(Type.String(), Type.String())),
    lastSeen: Type.Optional(Type.String({ format: 'date-time' }))
  }),
  secrets: ['password'],
  readOnly: ['lastSeen'],
  search: ['name'],
  methods: {
    test: {
      description: 'Tries to reach the camera',
      on: 'record',
      output: Type.Object({ success: Type.Boolean(), durationMs: Type.Number() })
    },
    discover: {
      description: 'Looks for cameras',
      on: 'collection',
      input: Type.Object({ timeout: Type.Number({ default: 5, description: 'Seconds' }) }),
      output: Type.Array(Type.Object({ address: Type.String(), known: Type.Boolean() }))
    },
    history: {
      description: 'What happened to the camera',
      on: 'record',
      http: 'GET',
      permission: 'cameras:read',
      input: Type.Object({
        since: Type.String({ format: 'date-time' }),
        limit: Type.Integer({ default: 100 }),
        kinds: Type.Optional(Type.Array(Type.String()))
      }),
      output: Type.Array(Type.Object({ at: Type.String(), kind: Type.String() }))
    }
  },
  events: { 'camera:lost': Type.Object({ cameraId: Type.String() }) }
})

const analysis = augmentResource({
  resource: cameras,
  table: 'sentinel_cameras',
  fields: { confidence: Type.Optional(Type.Number()) },
  methods: { start: { description: 'Starts the analysis', on: 'record', output: 'record' } }
})

export const modules = defineResource({
  path: 'coaster/modules',
  singular: 'module',
  description: 'Ride modules',
  table: 'coaster_modules',
  scoped: true,
  scopes: { own: 'ownerId' },
  schema: Type.Object({
    type: Type.Union([Type.Literal('STN'), Type.Literal('LT')]),
    ownerId: Type.Optional(Type.String())
  }),
  detail: {
    telemetry: Type.Optional(Type.Object({ speed: Type.Number() })),
    camera: Type.Optional(recordOf(cameras))
  },
  events: { 'module:status:changed': Type.Object({ moduleId: Type.String(), online: Type.Boolean() }) }
})

export const maintenance = defineService({
  path: 'maintenance',
  description: 'Whether the ride is in maintenance',
  methods: {
    find: {
      description: 'Says whether the ride is in maintenance',
      on: 'collection',
      http: 'GET',
      route: '',
      permission: 'public',
      output: Type.Object({ inMaintenance: Type.Boolean() })
    },
    patch: {
      description: 'Begins or ends maintenance',
      on: 'collection',
      http: 'PATCH',
      route: '',
      input: Type.Object({ inMaintenance: Type.Boolean(), reason: Type.Optional(Type.String()) })
    },
    acknowledge: { description: 'Says that it was read', on: 'collection', permission: 'signed-in' }
  },
  events: { 'system:maintenance': Type.Object({ inMaintenance: Type.Boolean() }) }
})

const unsubscribeLogs = defineCommand({
  name: 'unsubscribe:logs',
  description: 'Hears it no more',
  reply: 'unsubscribed',
  input: Type.String(),
  output: Type.Object({ room: Type.String() })
})

const subscribeLogs = defineCommand({
  name: 'subscribe:logs',
  description: 'Begins to hear the log of a camera',
  reply: 'subscribed',
  input: Type.String(),
  output: Type.Object({ room: Type.String() }),
  room: {
    service: cameras,
    method: 'followLogs',
    leave: unsubscribeLogs,
    events: ['camera:lost'],
    key: 'cameraId'
  }
})

export const input: DocumentsInput = {
  name: 'Test site',
  version: '1.2.3',
  basePath: '/rides',
  plugins: [
    { name: '@signalbox/recorder', version: '1.0.0' },
    { name: '@signalbox/coaster', version: '2.0.0' }
  ],
  models: [
    resourceModel(cameras, '@signalbox/recorder', [
      { plugin: '@signalbox/sentinel', augmentation: analysis }
    ]),
    resourceModel(modules, '@signalbox/coaster'),
    serviceModel(maintenance, '@signalbox/coaster')
  ],
  commands: [subscribeLogs, unsubscribeLogs].map((command) => ({ plugin: '@signalbox/recorder', command }))
}

/** Every `$ref` anywhere in a document. */
export function referencesIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(referencesIn)
  if (!isSchema(value)) return []
  const { $ref } = value
  return [...(typeof $ref === 'string' ? [$ref] : []), ...Object.values(value).flatMap(referencesIn)]
}

/** What a reference points to; undefined where there is nothing. */
export function resolveIn(document: unknown, reference: string): any {
  return reference
    .slice(2)
    .split('/')
    .reduce<unknown>((at, key) => (isSchema(at) ? at[key] : undefined), document)
}
