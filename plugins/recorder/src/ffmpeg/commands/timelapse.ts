import type { JobSpec } from '../../supervisor/types.ts'
import type { Ffmpeg } from '../Ffmpeg.ts'
import { STALL_AFTER_MS, type Command } from './Command.ts'
import { encode } from './encoding.ts'
import { ffmpegCommand } from './ffmpegCommand.ts'
import { oneFrameEach, SAMPLED_RATE, samplingDecoder } from './sampling.ts'
import { segments } from './segments.ts'

const SECONDS_OF_FILM = 60

/** Takes a picture each `segmentDuration` seconds and makes a film of them, in files of one minute, until stopped. */
export function timelapse(spec: JobSpec, ffmpeg: Ffmpeg, directory: string): Command {
  const { outputFormat: format, segmentDuration: interval } = spec
  const film = ['-r', String(SAMPLED_RATE), '-g', String(SAMPLED_RATE)]
  return ffmpegCommand({
    ffmpeg,
    camera: spec.camera,
    decoder: samplingDecoder(interval),
    output: [
      '-map',
      '0:v:0',
      ...encode({ spec, ffmpeg, filters: oneFrameEach(interval) }),
      ...film,
      ...segments({ format, seconds: SECONDS_OF_FILM, directory })
    ],
    traits: {
      files: 'listed',
      compressesTime: true,
      stallAfterMs: STALL_AFTER_MS + 3 * interval * 1_000
    }
  })
}
