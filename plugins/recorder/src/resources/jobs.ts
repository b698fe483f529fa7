import { baseFields, defineResource, withDefault, type RecordOf } from '@signalbox/plugin'
import { Type, type TProperties } from 'typebox'
import { cameras } from './cameras.ts'

const instant = Type.String({ format: 'date-time' })
const day = Type.String({
  pattern: '^(\\d{4}|-)-\\d{2}-\\d{2}$',
  description: '`YYYY-MM-DD`, or `--MM-DD` where it recurs'
})
const jobEvent = { jobId: Type.String(), jobName: Type.String() }

export const runtime = Type.Object({
  running: Type.Boolean({
    description: 'Meant to run and supervised: true through pauses between tries too'
  }),
  state: Type.Enum(['stopped', 'starting', 'running', 'stalled', 'backoff', 'stopping', 'waiting', 'failed']),
  pid: Type.Union([Type.Integer(), Type.Null()]),
  startedAt: Type.Union([instant, Type.Null()]),
  uptime: Type.Union([Type.Number({ description: 'Seconds' }), Type.Null()]),
  retries: Type.Integer({ description: 'Failures in a row' }),
  lastError: Type.Union([Type.String(), Type.Null()])
})

/** One life of one ffmpeg process. */
export const run = Type.Object({
  id: Type.String(),
  jobId: Type.String(),
  startedAt: instant,
  stoppedAt: Type.Union([instant, Type.Null()]),
  status: Type.Enum(['running', 'completed', 'stopped', 'error', 'killed']),
  exitCode: Type.Union([Type.Integer(), Type.Null()]),
  signal: Type.Union([Type.String(), Type.Null()]),
  error: Type.Union([Type.String(), Type.Null()]),
  filesProduced: Type.Integer(),
  bytesProduced: Type.Integer()
})

const { password: _, ...visibleCamera } = cameras.schema.properties

/** A camera as it is answered: what has no value is null. */
const answeredCamera = Type.Unsafe<RecordOf<typeof cameras>>(
  Type.Object({ ...baseFields, ...mapOptional(visibleCamera) })
)

function mapOptional(fields: TProperties): TProperties {
  return Object.fromEntries(
    Object.entries(fields).map(([name, field]) => [
      name,
      Type.IsOptional(field) ? Type.Union([field, Type.Null()]) : field
    ])
  )
}

/** Recording jobs: what is done with a camera's picture, when, and where the files go. */
export const jobs = defineResource({
  path: 'jobs',
  singular: 'job',
  description: 'Recording jobs: what is done with a camera’s picture, when, and where the files go',
  table: 'recorder_jobs',
  schema: Type.Object({
    name: Type.String({ minLength: 1, maxLength: 200 }),
    cameraId: Type.String(),
    streamKey: withDefault(Type.Enum(['main', 'sub']), 'main'),
    action: withDefault(
      Type.Enum(['record', 'snapshot', 'timelapse', 'detect_motion', 'test_connection', 'custom_command']),
      'record'
    ),
    triggerType: withDefault(Type.Enum(['continuous', 'oneshot', 'fixed_duration']), 'continuous'),
    cron: Type.Optional(
      Type.String({ maxLength: 100, description: 'Starts it; five fields, or six with seconds' })
    ),
    cronStop: Type.Optional(Type.String({ maxLength: 100, description: 'Stops it' })),
    duration: Type.Optional(Type.Number({ description: 'Seconds after its start at which it ends' })),
    periodStart: Type.Optional(day),
    periodEnd: Type.Optional(day),
    periodRecurrent: withDefault(
      Type.Boolean({ description: 'Whether the period comes back every year' }),
      false
    ),
    outputDir: Type.Optional(
      Type.String({ maxLength: 1000, description: 'Below the storage, unless the deployment allows others' })
    ),
    filePattern: Type.Optional(Type.String({ maxLength: 200, description: '`{cameraName}_{date}_{time}`' })),
    outputFormat: withDefault(Type.Enum(['mp4', 'mkv', 'ts']), 'mp4'),
    segmentDuration: withDefault(
      Type.Number({ minimum: 1, maximum: 86_400, description: 'Seconds of one file' }),
      60
    ),
    codec: withDefault(Type.Enum(['copy', 'h264', 'h265']), 'copy'),
    resolution: Type.Optional(
      Type.String({ pattern: '^[1-9]\\d{1,4}x[1-9]\\d{1,4}$', description: '`1280x720`' })
    ),
    quality: Type.Optional(Type.Enum(['low', 'medium', 'high'])),
    extraArgs: withDefault(
      Type.Array(Type.String({ maxLength: 500 }), {
        maxItems: 50,
        description: 'ffmpeg output options from an allow-list'
      }),
      []
    ),
    customCommand: Type.Optional(
      Type.Object({
        program: Type.String(),
        args: Type.Array(Type.String({ maxLength: 1000 }), { maxItems: 100 })
      })
    ),
    retentionDays: Type.Optional(Type.Number({ minimum: 0 })),
    retentionMaxGB: Type.Optional(Type.Number({ minimum: 0 })),
    maxRetries: withDefault(Type.Integer({ minimum: 0, maximum: 1000 }), 3),
    priority: withDefault(
      Type.Integer({ description: 'Of two jobs that are due, the higher starts first' }),
      0
    ),
    enabled: withDefault(Type.Boolean({ description: 'Whether its cron starts and stops it' }), true),
    wanted: withDefault(Type.Boolean({ description: 'Started and not stopped: meant to run' }), false),
    decidedAt: Type.Optional(
      Type.String({ format: 'date-time', description: 'When `wanted` was last decided' })
    )
  }),
  readOnly: ['wanted', 'decidedAt'],
  detail: {
    camera: Type.Optional(answeredCamera),
    runtime,
    nextOccurrence: Type.Optional(instant)
  },
  defaultSort: { name: 1 },
  search: ['name'],
  methods: {
    start: { description: 'Starts the job; 409 where it runs already', on: 'record', output: Type.Unknown() },
    stop: {
      description: 'Stops the job; resolves when its files are in place',
      on: 'record',
      output: Type.Unknown()
    },
    logs: {
      description: 'The newest lines of the job’s log, oldest of them first',
      on: 'record',
      http: 'GET',
      permission: 'jobs:read',
      input: Type.Object({ limit: Type.Integer({ default: 100, minimum: 1, maximum: 500 }) }),
      output: Type.Object({ jobId: Type.String(), lines: Type.Array(Type.String()) })
    },
    history: {
      description: 'The job’s runs, newest first',
      on: 'record',
      http: 'GET',
      permission: 'jobs:read',
      input: Type.Object({ limit: Type.Integer({ default: 50, minimum: 1, maximum: 1000 }) }),
      output: Type.Array(run)
    }
  },
  events: {
    'job:started': Type.Object({ ...jobEvent, pid: Type.Integer() }),
    'job:stopped': Type.Object({
      ...jobEvent,
      status: Type.Enum(['completed', 'stopped', 'error', 'killed']),
      code: Type.Union([Type.Integer(), Type.Null()]),
      signal: Type.Union([Type.String(), Type.Null()])
    }),
    'job:retry': Type.Object({ ...jobEvent, retry: Type.Integer(), maxRetries: Type.Integer() }),
    'job:log': Type.Object({
      jobId: Type.String(),
      line: Type.String({ description: 'Several, parted by line feeds, where they come fast' })
    }),
    'job:motion': Type.Object({ jobId: Type.String(), at: instant, score: Type.Number() }),
    'status:update': Type.Object({ type: Type.String(), ...jobEvent }, { additionalProperties: true })
  },
  grants: { operator: ['read', 'start', 'stop'], viewer: ['read'] }
})
