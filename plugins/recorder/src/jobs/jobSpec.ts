import type { Context } from '@signalbox/plugin'
import { cameraSource, type Camera } from '../cameras/cameraSource.ts'
import type { SealedCamera } from '../cameras/sealedCameras.ts'
import type { OutputFolders } from '../storage/OutputFolders.ts'
import type { JobSpec } from '../supervisor/types.ts'
import type { DesiredRun } from './desiredRun.ts'
import type { Job } from './Job.ts'

/** A job as the supervisor runs it, with its camera's password in the clear. To be kept nowhere else. */
export async function jobSpec(
  ctx: Context,
  folders: OutputFolders,
  { job, camera, desired }: { readonly job: Job; readonly camera: Camera; readonly desired: DesiredRun }
): Promise<JobSpec> {
  return {
    id: job.id,
    name: job.name,
    action: job.action,
    triggerType: job.triggerType,
    outputDirectory: folders.folderOf(job),
    outputFormat: job.outputFormat,
    segmentDuration: job.segmentDuration,
    codec: job.codec,
    extraArgs: job.extraArgs,
    maxRetries: job.maxRetries,
    camera: await cameraSource(ctx, camera, job.streamKey),
    ...(desired.seconds !== undefined && { durationSeconds: desired.seconds }),
    ...(job.filePattern !== null && { filePattern: job.filePattern }),
    ...(job.resolution !== null && { resolution: job.resolution }),
    ...(job.quality !== null && { quality: job.quality }),
    ...(job.customCommand !== null && { customCommand: job.customCommand })
  }
}

const runningFields = [
  'name',
  'cameraId',
  'streamKey',
  'action',
  'triggerType',
  'outputDir',
  'filePattern',
  'outputFormat',
  'segmentDuration',
  'codec',
  'resolution',
  'quality',
  'extraArgs',
  'customCommand',
  'maxRetries'
] as const satisfies readonly (keyof Job)[]

/** What a running job was started with: another text means that it must be started anew. */
export function specKey(job: Job, { camera, sealed }: SealedCamera): string {
  const { name, protocol, streams, username } = camera
  return JSON.stringify([runningFields.map((field) => job[field]), name, protocol, streams, username, sealed])
}
