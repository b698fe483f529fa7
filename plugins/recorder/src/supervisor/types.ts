/** How a camera is reached. An ONVIF camera is given with the RTSP URL of its stream. */
export type CameraProtocol = 'rtsp' | 'rtmp' | 'http' | 'onvif' | 'file' | 'test'

/** One stream of one camera, as far as ffmpeg has to know it. */
export interface CameraSource {
  id: string
  name: string
  protocol: CameraProtocol
  /** The stream's URL without credentials; a path for `file`; empty for `test`. */
  url: string
  username?: string
  password?: string
}

export type JobAction =
  'record' | 'snapshot' | 'timelapse' | 'detect_motion' | 'test_connection' | 'custom_command'

export type TriggerType = 'continuous' | 'oneshot' | 'fixed_duration'

export type OutputFormat = 'mp4' | 'mkv' | 'ts'

export type VideoCodec = 'copy' | 'h264' | 'h265'

export type Quality = 'low' | 'medium' | 'high'

/** Everything that one run of a job needs to know; never changed while the job runs. */
export interface JobSpec {
  id: string
  name: string
  action: JobAction
  triggerType: TriggerType
  /** Seconds of a `fixed_duration`; also the length of a `oneshot` recording. */
  durationSeconds?: number
  /** Absolute; made when it does not exist. */
  outputDirectory: string
  /** See `checkFilePattern`. */
  filePattern?: string
  outputFormat: OutputFormat
  /** Seconds of one file; between two pictures of a snapshot or time-lapse job. */
  segmentDuration: number
  /** `copy` keeps the camera's pictures as they come: `resolution` and `quality` then do not apply. */
  codec: VideoCodec
  /** `640x360` */
  resolution?: string
  quality?: Quality
  /** See `checkExtraArgs`. */
  extraArgs: readonly string[]
  /** Failures in a row that are retried before the job is given up. */
  maxRetries: number
  customCommand?: { program: string; args: readonly string[] }
  camera: CameraSource
}

/** How a run, or a whole job, came to its end. */
export type EndStatus = 'completed' | 'stopped' | 'error' | 'killed'

/** A file that is whole and in its final place. */
export interface RecordedFile {
  jobId: string
  runId: string
  cameraId: string
  path: string
  startedAt: Date
  endedAt: Date
  bytes: number
}

/** One life of one process, for the history. What is not known yet is `null`, as on the wire. */
export interface RunRecord {
  runId: string
  jobId: string
  startedAt: Date
  stoppedAt: Date | null
  status: 'running' | EndStatus
  exitCode: number | null
  signal: string | null
  /** One sentence, free of credentials. */
  error: string | null
  filesProduced: number
  bytesProduced: number
}

/**
 * `stalled`: the process lives but brings no picture, and is being ended. `backoff`: between two tries.
 * `waiting`: given up, tried again every minute. `failed`: given up for good.
 */
export type JobState =
  'stopped' | 'starting' | 'running' | 'stalled' | 'backoff' | 'stopping' | 'waiting' | 'failed'

/** What a job is doing now. */
export interface JobRuntime {
  /** Whether the job is meant to run: true through back-off and waiting too. */
  running: boolean
  state: JobState
  pid: number | null
  /** When the present process was started. */
  startedAt: Date | null
  /** Seconds since then. */
  uptime: number | null
  /** Failures in a row. */
  retries: number
  lastError: string | null
}
