import type { CameraSource } from '../../supervisor/types.ts'
import type { Ffmpeg } from '../Ffmpeg.ts'
import { STALL_AFTER_MS, type Command } from './Command.ts'
import { liveInput } from './input.ts'

/** What a template adds to the common part of a command line. */
export interface FfmpegCommandParts {
  ffmpeg: Ffmpeg
  camera: CameraSource
  /** Options of the decoder, before the input. */
  decoder?: readonly string[]
  /** Everything after the input. */
  output: readonly string[]
  logLevel?: 'warning' | 'info'
  traits: Partial<Omit<Command, 'program' | 'args' | 'stdin' | 'redirectTo'>>
}

/** Puts a command line together: quiet, progress on the standard output, the camera, the output. */
export function ffmpegCommand({
  ffmpeg,
  camera,
  decoder = [],
  output,
  logLevel = 'warning',
  traits
}: FfmpegCommandParts): Command {
  const { args, ...hidden } = liveInput(camera, ffmpeg)
  // The first report comes with the first picture; fifty recorders that report each second keep the platform busy.
  const progress = ['-progress', 'pipe:1', ...(ffmpeg.statsPeriod ? ['-stats_period', '2'] : [])]
  return {
    program: ffmpeg.path,
    args: [
      '-nostdin',
      '-hide_banner',
      '-nostats',
      '-loglevel',
      `level+${logLevel}`,
      ...progress,
      ...decoder,
      ...args,
      ...output
    ],
    ...hidden,
    endsByItself: false,
    reportsProgress: true,
    reportsMotion: false,
    files: 'none',
    compressesTime: false,
    stallAfterMs: STALL_AFTER_MS,
    ...traits
  }
}
