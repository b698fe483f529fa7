import type { JobSpec } from '../../supervisor/types.ts'
import type { Ffmpeg } from '../Ffmpeg.ts'
import type { Command } from './Command.ts'
import { ffmpegCommand } from './ffmpegCommand.ts'

/** The share of changed pixels from which on something is said to move. */
export const MOTION_THRESHOLD = 0.01

// Each pixel that differs by more than 24 of 255 from the frame before counts: less is noise of the sensor.
const FILTERS = [
  'fps=5',
  'scale=320:-2:flags=fast_bilinear',
  'format=gray',
  'tblend=all_mode=difference',
  'lut=y=255*gt(val\\,24)',
  'signalstats',
  'metadata=print:key=lavfi.signalstats.YAVG'
]

/** Compares the pictures of a camera five times a second and writes no file. */
export function detectMotion(spec: JobSpec, ffmpeg: Ffmpeg): Command {
  return ffmpegCommand({
    ffmpeg,
    camera: spec.camera,
    logLevel: 'info',
    output: ['-map', '0:v:0', '-vf', FILTERS.join(','), '-f', 'null', '-'],
    traits: { reportsMotion: true }
  })
}

/** The share of pixels (0 to 1) that a line of the log tells; `undefined` for any other line. */
export function motionScore(line: string): number | undefined {
  const at = line.indexOf('signalstats.YAVG=')
  return at < 0 ? undefined : Number(line.slice(at + 'signalstats.YAVG='.length)) / 255
}
