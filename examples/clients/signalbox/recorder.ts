// Made by signalbox generate from manifest 9c5d3aee08fdecc2254371ab04daee2f; do not edit.
/* eslint-disable */
import { part, type CallOptions, type Changed, type ResourceClient, type Room } from '@signalbox/client'

/** Cameras: where their picture comes from */
export interface Camera {
  /** UUIDv7 unless the resource says otherwise */
  id: string
  /** Grows by one with each change; send it back, or `If-Match`, to be safe */
  version: number
  /** ISO 8601 */
  createdAt: string
  /** ISO 8601 */
  updatedAt: string
  name: string
  /** `test` is a built-in moving picture; `onvif` is given with its stream’s RTSP URL */
  protocol: 'rtsp' | 'rtmp' | 'http' | 'onvif' | 'file' | 'test'
  /** Needed for every protocol but `test` */
  streams: {
    /** A URL; a path for a file camera */
    main: string
    /** A URL; a path for a file camera */
    sub?: string
  } | null
  username: string | null
  tags: string[]
  location: string | null
  model: string | null
  enabled: boolean
}

/** What `create` takes. */
export interface CameraCreate {
  name: string
  /** `test` is a built-in moving picture; `onvif` is given with its stream’s RTSP URL */
  protocol: 'rtsp' | 'rtmp' | 'http' | 'onvif' | 'file' | 'test'
  /** Needed for every protocol but `test` */
  streams?: {
    /** A URL; a path for a file camera */
    main: string
    /** A URL; a path for a file camera */
    sub?: string
  } | null
  username?: string | null
  /** Write only */
  password?: string | null
  /** @default [] */
  tags?: string[]
  location?: string | null
  model?: string | null
  /** @default true */
  enabled?: boolean
}

/** What `update` takes. */
export interface CameraUpdate extends CameraCreate {
  /** Grows by one with each change; send it back, or `If-Match`, to be safe */
  version?: number
}

/** What `patch` takes. */
export interface CameraPatch {
  name?: string
  /** `test` is a built-in moving picture; `onvif` is given with its stream’s RTSP URL */
  protocol?: 'rtsp' | 'rtmp' | 'http' | 'onvif' | 'file' | 'test'
  /** Needed for every protocol but `test` */
  streams?: {
    /** A URL; a path for a file camera */
    main: string
    /** A URL; a path for a file camera */
    sub?: string
  } | null
  username?: string | null
  /** Write only */
  password?: string | null
  tags?: string[]
  location?: string | null
  model?: string | null
  enabled?: boolean
  /** Grows by one with each change; send it back, or `If-Match`, to be safe */
  version?: number
}

export interface CameraTestOutput {
  success: boolean
  durationMs: number
  streams: {
    codec: string
    type: string
    width?: number
    height?: number
    fps?: number
  }[]
  error?: string
}

export interface CameraEvents {
  'camera-changed': Changed<Camera>
}

/** Cameras: where their picture comes from */
export interface Cameras extends ResourceClient<
  Camera,
  Camera,
  CameraCreate,
  CameraUpdate,
  CameraPatch,
  CameraEvents
> {
  /** Looks at what the camera sends; one that cannot be reached is an answer, not an error */
  test(id: string, options?: CallOptions): Promise<CameraTestOutput>
}

/** Recording jobs: what is done with a camera’s picture, when, and where the files go */
export interface Job {
  /** UUIDv7 unless the resource says otherwise */
  id: string
  /** Grows by one with each change; send it back, or `If-Match`, to be safe */
  version: number
  /** ISO 8601 */
  createdAt: string
  /** ISO 8601 */
  updatedAt: string
  name: string
  cameraId: string
  streamKey: 'main' | 'sub'
  action: 'record' | 'snapshot' | 'timelapse' | 'detect_motion' | 'test_connection' | 'custom_command'
  triggerType: 'continuous' | 'oneshot' | 'fixed_duration'
  /** Starts it; five fields, or six with seconds */
  cron: string | null
  /** Stops it */
  cronStop: string | null
  /** Seconds after its start at which it ends */
  duration: number | null
  /** `YYYY-MM-DD`, or `--MM-DD` where it recurs */
  periodStart: string | null
  /** `YYYY-MM-DD`, or `--MM-DD` where it recurs */
  periodEnd: string | null
  /** Whether the period comes back every year */
  periodRecurrent: boolean
  /** Below the storage, unless the deployment allows others */
  outputDir: string | null
  /** `{cameraName}_{date}_{time}` */
  filePattern: string | null
  outputFormat: 'mp4' | 'mkv' | 'ts'
  /** Seconds of one file */
  segmentDuration: number
  codec: 'copy' | 'h264' | 'h265'
  /** `1280x720` */
  resolution: string | null
  quality: 'low' | 'medium' | 'high' | null
  /** ffmpeg output options from an allow-list */
  extraArgs: string[]
  customCommand: {
    program: string
    args: string[]
  } | null
  retentionDays: number | null
  retentionMaxGB: number | null
  maxRetries: number
  /** Of two jobs that are due, the higher starts first */
  priority: number
  /** Whether its cron starts and stops it */
  enabled: boolean
  /** Started and not stopped: meant to run */
  wanted: boolean
  /** When `wanted` was last decided */
  decidedAt: string | null
}

/** A job as `get` answers it. */
export interface JobDetail extends Job {
  camera: Camera | null
  runtime: {
    /** Meant to run and supervised: true through pauses between tries too */
    running: boolean
    state: 'stopped' | 'starting' | 'running' | 'stalled' | 'backoff' | 'stopping' | 'waiting' | 'failed'
    pid: number | null
    /** ISO 8601 */
    startedAt: string | null
    uptime: number | null
    /** Failures in a row */
    retries: number
    lastError: string | null
  }
  /** ISO 8601 */
  nextOccurrence: string | null
}

/** What `create` takes. */
export interface JobCreate {
  name: string
  cameraId: string
  /** @default "main" */
  streamKey?: 'main' | 'sub'
  /** @default "record" */
  action?: 'record' | 'snapshot' | 'timelapse' | 'detect_motion' | 'test_connection' | 'custom_command'
  /** @default "continuous" */
  triggerType?: 'continuous' | 'oneshot' | 'fixed_duration'
  /** Starts it; five fields, or six with seconds */
  cron?: string | null
  /** Stops it */
  cronStop?: string | null
  /** Seconds after its start at which it ends */
  duration?: number | null
  /** `YYYY-MM-DD`, or `--MM-DD` where it recurs */
  periodStart?: string | null
  /** `YYYY-MM-DD`, or `--MM-DD` where it recurs */
  periodEnd?: string | null
  /**
   * Whether the period comes back every year
   * @default false
   */
  periodRecurrent?: boolean
  /** Below the storage, unless the deployment allows others */
  outputDir?: string | null
  /** `{cameraName}_{date}_{time}` */
  filePattern?: string | null
  /** @default "mp4" */
  outputFormat?: 'mp4' | 'mkv' | 'ts'
  /**
   * Seconds of one file
   * @default 60
   */
  segmentDuration?: number
  /** @default "copy" */
  codec?: 'copy' | 'h264' | 'h265'
  /** `1280x720` */
  resolution?: string | null
  quality?: 'low' | 'medium' | 'high' | null
  /**
   * ffmpeg output options from an allow-list
   * @default []
   */
  extraArgs?: string[]
  customCommand?: {
    program: string
    args: string[]
  } | null
  retentionDays?: number | null
  retentionMaxGB?: number | null
  /** @default 3 */
  maxRetries?: number
  /**
   * Of two jobs that are due, the higher starts first
   * @default 0
   */
  priority?: number
  /**
   * Whether its cron starts and stops it
   * @default true
   */
  enabled?: boolean
}

/** What `update` takes. */
export interface JobUpdate extends JobCreate {
  /** Grows by one with each change; send it back, or `If-Match`, to be safe */
  version?: number
}

/** What `patch` takes. */
export interface JobPatch {
  name?: string
  cameraId?: string
  streamKey?: 'main' | 'sub'
  action?: 'record' | 'snapshot' | 'timelapse' | 'detect_motion' | 'test_connection' | 'custom_command'
  triggerType?: 'continuous' | 'oneshot' | 'fixed_duration'
  /** Starts it; five fields, or six with seconds */
  cron?: string | null
  /** Stops it */
  cronStop?: string | null
  /** Seconds after its start at which it ends */
  duration?: number | null
  /** `YYYY-MM-DD`, or `--MM-DD` where it recurs */
  periodStart?: string | null
  /** `YYYY-MM-DD`, or `--MM-DD` where it recurs */
  periodEnd?: string | null
  /** Whether the period comes back every year */
  periodRecurrent?: boolean
  /** Below the storage, unless the deployment allows others */
  outputDir?: string | null
  /** `{cameraName}_{date}_{time}` */
  filePattern?: string | null
  outputFormat?: 'mp4' | 'mkv' | 'ts'
  /** Seconds of one file */
  segmentDuration?: number
  codec?: 'copy' | 'h264' | 'h265'
  /** `1280x720` */
  resolution?: string | null
  quality?: 'low' | 'medium' | 'high' | null
  /** ffmpeg output options from an allow-list */
  extraArgs?: string[]
  customCommand?: {
    program: string
    args: string[]
  } | null
  retentionDays?: number | null
  retentionMaxGB?: number | null
  maxRetries?: number
  /** Of two jobs that are due, the higher starts first */
  priority?: number
  /** Whether its cron starts and stops it */
  enabled?: boolean
  /** Grows by one with each change; send it back, or `If-Match`, to be safe */
  version?: number
}

export interface JobHistoryInput {
  /** @default 50 */
  limit?: number
}

export interface JobHistoryItem {
  id: string
  jobId: string
  /** ISO 8601 */
  startedAt: string
  /** ISO 8601 */
  stoppedAt: string | null
  status: 'running' | 'completed' | 'stopped' | 'error' | 'killed'
  exitCode: number | null
  signal: string | null
  error: string | null
  filesProduced: number
  bytesProduced: number
}

export interface JobLogsInput {
  /** @default 100 */
  limit?: number
}

export interface JobLogsOutput {
  jobId: string
  lines: string[]
}

export interface JobLogEvent {
  jobId: string
  /** Several, parted by line feeds, where they come fast */
  line: string
}

export interface JobMotionEvent {
  jobId: string
  /** ISO 8601 */
  at: string
  score: number
}

export interface JobRetryEvent {
  jobId: string
  jobName: string
  retry: number
  maxRetries: number
}

export interface JobStartedEvent {
  jobId: string
  jobName: string
  pid: number
}

export interface JobStoppedEvent {
  jobId: string
  jobName: string
  status: 'completed' | 'stopped' | 'error' | 'killed'
  code: number | null
  signal: string | null
}

export interface JobStatusUpdateEvent {
  type: string
  jobId: string
  jobName: string
  [key: string]: unknown
}

export interface JobEvents {
  'job-changed': Changed<Job>
  'job:log': JobLogEvent
  'job:motion': JobMotionEvent
  'job:retry': JobRetryEvent
  'job:started': JobStartedEvent
  'job:stopped': JobStoppedEvent
  'status:update': JobStatusUpdateEvent
}

/** Recording jobs: what is done with a camera’s picture, when, and where the files go */
export interface Jobs extends ResourceClient<Job, JobDetail, JobCreate, JobUpdate, JobPatch, JobEvents> {
  /** The job’s runs, newest first */
  history(id: string, input?: JobHistoryInput, options?: CallOptions): Promise<JobHistoryItem[]>
  /** The newest lines of the job’s log, oldest of them first */
  logs(id: string, input?: JobLogsInput, options?: CallOptions): Promise<JobLogsOutput>
  /** Starts the job; 409 where it runs already */
  start(id: string, options?: CallOptions): Promise<JobDetail>
  /** Stops the job; resolves when its files are in place */
  stop(id: string, options?: CallOptions): Promise<JobDetail>
  /** Follows a job’s log: `job:log` comes from now on */
  followLogs(jobId: string): Room<Pick<JobEvents, 'job:log'>>
}

/** The services of @signalbox/recorder. */
export interface RecorderServices {
  cameras: Cameras
  jobs: Jobs
}

/** The socket commands of @signalbox/recorder. */
export interface RecorderCommands {
  /** Follows a job’s log: `job:log` comes from now on */
  'subscribe:logs': {
    input: string
    output: { room: string }
  }
  /** Stops following a job’s log */
  'unsubscribe:logs': {
    input: string
    output: { room: string }
  }
}

/** @signalbox/recorder 0.1.0, to be given to a client among its `parts`. */
export const recorder = /* @__PURE__ */ part<RecorderServices, RecorderCommands>({
  cameras: {
    path: 'cameras',
    singular: 'camera',
    sort: { name: 1 },
    methods: { test: 'POST /cameras/:id/test' }
  },
  jobs: {
    path: 'jobs',
    singular: 'job',
    sort: { name: 1 },
    methods: {
      history: 'GET /jobs/:id/history (input)',
      logs: 'GET /jobs/:id/logs (input)',
      start: 'POST /jobs/:id/start',
      stop: 'POST /jobs/:id/stop'
    },
    events: ['job:log', 'job:motion', 'job:retry', 'job:started', 'job:stopped', 'status:update'],
    rooms: {
      followLogs: { join: 'subscribe:logs', leave: 'unsubscribe:logs', events: ['job:log'], key: 'jobId' }
    }
  }
})
