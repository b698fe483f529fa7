import { SupervisorError } from '../../supervisor/SupervisorError.ts'
import type { JobAction, JobSpec } from '../../supervisor/types.ts'
import { checkExtraArgs } from '../extraArgs.ts'
import { FFMPEG_HINT, type Ffmpeg } from '../Ffmpeg.ts'
import { checkFilePattern } from '../filePattern.ts'
import type { Command } from './Command.ts'
import { customCommand } from './customCommand.ts'
import { detectMotion } from './detectMotion.ts'
import { record } from './record.ts'
import { snapshot } from './snapshot.ts'
import { testConnection } from './testConnection.ts'
import { timelapse } from './timelapse.ts'

function checkSpec(spec: JobSpec): string | undefined {
  const fault = checkExtraArgs(spec.extraArgs)
  if (fault) return fault
  if (spec.resolution !== undefined && !/^\d{2,5}x\d{2,5}$/.test(spec.resolution)) {
    return `The resolution ${JSON.stringify(spec.resolution)} is not like 640x360.`
  }
  if (!(spec.segmentDuration >= 1))
    return `The segment duration ${spec.segmentDuration} is less than a second.`
  return spec.filePattern === undefined ? undefined : checkFilePattern(spec.filePattern)
}

type Template = (spec: JobSpec, ffmpeg: Ffmpeg, directory: string) => Command

const TEMPLATES: Record<Exclude<JobAction, 'custom_command'>, Template> = {
  record,
  snapshot,
  timelapse,
  detect_motion: detectMotion,
  test_connection: testConnection
}

/**
 * Builds the process of a job, whose files go to `directory`.
 * @throws SupervisorError INVALID_JOB, FFMPEG_MISSING
 */
export function buildCommand(spec: JobSpec, ffmpeg: Ffmpeg | undefined, directory: string): Command {
  const fault = checkSpec(spec)
  if (fault) throw new SupervisorError('INVALID_JOB', fault)
  if (spec.action === 'custom_command') return customCommand(spec, directory)
  if (!ffmpeg) throw new SupervisorError('FFMPEG_MISSING', FFMPEG_HINT)
  return TEMPLATES[spec.action](spec, ffmpeg, directory)
}
