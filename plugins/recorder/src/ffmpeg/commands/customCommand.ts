import { SupervisorError } from '../../supervisor/SupervisorError.ts'
import type { JobSpec } from '../../supervisor/types.ts'
import type { Command } from './Command.ts'

/**
 * Runs a program of the deployment. In its arguments `{output}` is the folder of the run, whose files are kept, `{url}` the
 * camera's URL without credentials, and `{cameraId}`, `{cameraName}`, `{jobId}`, `{jobName}` are what they say.
 * No shell ever sees them.
 */
export function customCommand(spec: JobSpec, directory: string): Command {
  if (!spec.customCommand)
    throw new SupervisorError('INVALID_JOB', `The job "${spec.name}" has no command to run.`)
  const { program, args } = spec.customCommand
  const values: Record<string, string> = {
    output: directory,
    url: spec.camera.url,
    cameraId: spec.camera.id,
    cameraName: spec.camera.name,
    jobId: spec.id,
    jobName: spec.name
  }
  return {
    program,
    args: args.map((arg) => arg.replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole)),
    endsByItself: spec.triggerType === 'oneshot',
    reportsProgress: false,
    reportsMotion: false,
    files: 'scanned',
    compressesTime: false,
    stallAfterMs: Number.POSITIVE_INFINITY
  }
}
