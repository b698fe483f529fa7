import { PlatformError, type ErrorKind } from '@signalbox/plugin'
import { SupervisorError, type SupervisorErrorCode } from '../supervisor/SupervisorError.ts'

const kinds: Readonly<Record<SupervisorErrorCode, ErrorKind>> = {
  FFMPEG_MISSING: 'unavailable',
  CLOSED: 'unavailable',
  JOB_RUNNING: 'conflict',
  INVALID_JOB: 'invalid'
}

/** Why a start was refused, as a caller may see it. */
export function startError(error: unknown): unknown {
  return error instanceof SupervisorError ? new PlatformError(kinds[error.code], error.message) : error
}
