import type { JobSpec } from '../../supervisor/types.ts'
import type { Ffmpeg } from '../Ffmpeg.ts'
import type { Command } from './Command.ts'
import { ffmpegCommand } from './ffmpegCommand.ts'

const SECONDS = '3'

/** Reads a camera for three seconds and keeps nothing: ends well when pictures came. */
export function testConnection(spec: JobSpec, ffmpeg: Ffmpeg): Command {
  return ffmpegCommand({
    ffmpeg,
    camera: spec.camera,
    output: ['-map', '0:v:0', '-c', 'copy', '-t', SECONDS, '-f', 'null', '-'],
    traits: { endsByItself: true }
  })
}
