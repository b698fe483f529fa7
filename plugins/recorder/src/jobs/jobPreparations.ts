import {
  invalidField,
  PlatformError,
  type HookContext,
  type Preparations,
  type RegisterContext
} from '@signalbox/plugin'
import type { RecorderConfig } from '../config.ts'
import { checkExtraArgs } from '../ffmpeg/extraArgs.ts'
import { checkFilePattern } from '../ffmpeg/filePattern.ts'
import { jobs } from '../resources/jobs.ts'
import { checkSchedule } from '../schedule/index.ts'
import type { Recorder } from '../Recorder.ts'
import type { Job } from './Job.ts'

/** Checks a job as it will be (what is sent, laid over what is stored), and stops one before it is deleted. */
export function jobPreparations(ctx: RegisterContext<RecorderConfig, Recorder>): Preparations {
  const check = async ({ id, data, method, params }: HookContext): Promise<void> => {
    // The platform's own writes only say that a job was started or stopped.
    if (method === 'patch' && !params.provider) return
    const before = method === 'patch' && id !== undefined ? await ctx.running.service(jobs).get(id) : {}
    const job = { ...before, ...data } as Job
    const faults = checkSchedule(job, { timeZone: ctx.running.timeZone })
    if (faults.length) {
      const sentence = faults.map(({ field, message }) => `${field}: ${message}`).join('; ')
      throw new PlatformError('invalid', sentence, { errors: faults })
    }
    refuse('filePattern', job.filePattern && checkFilePattern(job.filePattern))
    refuse('extraArgs', checkExtraArgs(job.extraArgs))
    checkCommand(job, ctx.config.programs)
    if (job.outputDir) await ctx.started.folders.check(job.outputDir)
  }
  return { create: check, update: check, patch: check, remove: ({ id }) => ctx.started.retire(id as string) }
}

function refuse(field: string, message: string | null | undefined): void {
  if (message) throw invalidField(field, message)
}

/** Whoever may write jobs must not thereby run programs of their choice. */
function checkCommand({ action, customCommand }: Job, programs: readonly string[]): void {
  if (action !== 'custom_command') return
  if (!customCommand) throw invalidField('customCommand', 'is required for the action custom_command')
  if (!programs.includes(customCommand.program)) {
    throw new PlatformError(
      'forbidden',
      'customCommand: this deployment does not allow this program (recorder.programs)',
      {
        errors: [{ field: 'customCommand.program', message: 'is not allowed by recorder.programs' }]
      }
    )
  }
}
