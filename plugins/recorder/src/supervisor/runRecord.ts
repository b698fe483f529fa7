import type { Run, RunResult } from './Run.ts'
import type { EndStatus, RunRecord } from './types.ts'

/** The history's record of a run that has begun. */
export function begunRecord({ runId, startedAt }: Run, jobId: string): RunRecord {
  return {
    runId,
    jobId,
    startedAt,
    stoppedAt: null,
    status: 'running',
    exitCode: null,
    signal: null,
    error: null,
    filesProduced: 0,
    bytesProduced: 0
  }
}

/** The history's record of a run that is over. One that ended as it was asked to has no error. */
export function endedRecord(result: RunResult, status: EndStatus): RunRecord {
  const { runId, jobId, startedAt, stoppedAt, exitCode, signal, filesProduced, bytesProduced } = result
  const error = status === 'error' || status === 'killed' ? result.error : null
  return { runId, jobId, startedAt, stoppedAt, status, exitCode, signal, error, filesProduced, bytesProduced }
}
