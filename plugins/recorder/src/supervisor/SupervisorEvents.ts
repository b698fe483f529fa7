import type { EndStatus, RecordedFile, RunRecord } from './types.ts'

/** A process of the job is up and brings pictures. Told again after each retry, with the new pid. */
export interface JobStarted {
  jobId: string
  jobName: string
  pid: number
  runId: string
  startedAt: Date
}

/** The job is over, or given up. */
export interface JobStopped {
  jobId: string
  jobName: string
  status: EndStatus
  code: number | null
  signal: string | null
}

/** A run failed and will be tried again. */
export interface JobRetry {
  jobId: string
  jobName: string
  /** 1 for the first retry. */
  retry: number
  maxRetries: number
}

/** The lines of one job in one batch, oldest first, free of credentials. */
export interface JobLogBatch {
  jobId: string
  lines: string[]
}

/** Something moved. At most one a second for each job. */
export interface MotionSeen {
  jobId: string
  at: Date
  /** 0 to 1: how much of the picture changed. */
  score: number
}

/** What a `Supervisor` tells, by the name of the event. */
export interface SupervisorEvents {
  started: [JobStarted]
  stopped: [JobStopped]
  retry: [JobRetry]
  /** At the begin of a run (`status: 'running'`) and at its end. */
  run: [RunRecord]
  log: [JobLogBatch]
  file: [RecordedFile]
  motion: [MotionSeen]
}
