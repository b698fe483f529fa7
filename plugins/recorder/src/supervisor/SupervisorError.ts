/** Why a job could not be started: what the caller has to tell apart. */
export type SupervisorErrorCode = 'FFMPEG_MISSING' | 'JOB_RUNNING' | 'INVALID_JOB' | 'CLOSED'

/** A start that was refused. `message` is a sentence that may be shown as it is. */
export class SupervisorError extends Error {
  readonly code: SupervisorErrorCode

  constructor(code: SupervisorErrorCode, message: string) {
    super(message)
    this.name = 'SupervisorError'
    this.code = code
  }
}
