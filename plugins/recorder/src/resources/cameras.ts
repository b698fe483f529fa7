import { defineResource, withDefault } from '@signalbox/plugin'
import { Type } from 'typebox'

const url = Type.String({ minLength: 1, maxLength: 2000, description: 'A URL; a path for a file camera' })

/** One stream of a camera, as a look at it found. */
export const cameraStream = Type.Object({
  codec: Type.String(),
  type: Type.String(),
  width: Type.Optional(Type.Integer()),
  height: Type.Optional(Type.Integer()),
  fps: Type.Optional(Type.Number())
})

/** Cameras: where their picture comes from. */
export const cameras = defineResource({
  path: 'cameras',
  singular: 'camera',
  description: 'Cameras: where their picture comes from',
  table: 'recorder_cameras',
  schema: Type.Object({
    name: Type.String({ minLength: 1, maxLength: 200 }),
    protocol: Type.Enum(['rtsp', 'rtmp', 'http', 'onvif', 'file', 'test'], {
      description: '`test` is a built-in moving picture; `onvif` is given with its stream’s RTSP URL'
    }),
    streams: Type.Optional(
      Type.Object(
        { main: url, sub: Type.Optional(url) },
        { description: 'Needed for every protocol but `test`' }
      )
    ),
    username: Type.Optional(Type.String({ maxLength: 200 })),
    password: Type.Optional(Type.String({ maxLength: 500, description: 'Write only' })),
    tags: withDefault(Type.Array(Type.String({ maxLength: 100 }), { maxItems: 100 }), []),
    location: Type.Optional(Type.String({ maxLength: 200 })),
    model: Type.Optional(Type.String({ maxLength: 200 })),
    enabled: withDefault(Type.Boolean(), true)
  }),
  secrets: ['password'],
  defaultSort: { name: 1 },
  search: ['name', 'location', 'model'],
  methods: {
    test: {
      description: 'Looks at what the camera sends; one that cannot be reached is an answer, not an error',
      on: 'record',
      output: Type.Object({
        success: Type.Boolean(),
        durationMs: Type.Integer(),
        streams: Type.Array(cameraStream),
        error: Type.Optional(Type.String())
      })
    }
  },
  grants: { operator: ['read', 'test'], viewer: ['read'] }
})
