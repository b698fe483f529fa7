import type { JobSpec } from '../../supervisor/types.ts'
import { splitFilters } from '../extraArgs.ts'
import type { Ffmpeg } from '../Ffmpeg.ts'
import type { Command } from './Command.ts'
import { encode } from './encoding.ts'
import { ffmpegCommand } from './ffmpegCommand.ts'
import { segments } from './segments.ts'

const TEST_FRAMES_BETWEEN_KEYFRAMES = '15'

function picture(spec: JobSpec, ffmpeg: Ffmpeg): string[] {
  // The test picture comes uncompressed: there is nothing to copy.
  if (spec.camera.protocol === 'test' && spec.codec === 'copy') {
    return [...encode({ spec, ffmpeg, preset: 'ultrafast' }), '-g', TEST_FRAMES_BETWEEN_KEYFRAMES]
  }
  if (spec.codec === 'copy') {
    const { filters, others } = splitFilters(spec.extraArgs)
    return ['-c:v', 'copy', ...filters.flatMap((filter) => ['-vf', filter]), ...others]
  }
  const keyframes = `expr:gte(t,n_forced*${spec.segmentDuration})`
  return [...encode({ spec, ffmpeg }), '-force_key_frames', keyframes]
}

/** Records a camera, with its sound, in files of `segmentDuration` seconds, until stopped. */
export function record(spec: JobSpec, ffmpeg: Ffmpeg, directory: string): Command {
  const { outputFormat: format, segmentDuration: seconds } = spec
  // AAC, because MP4 cannot carry the G.711 of most cameras.
  const sound = ['-map', '0:a:0?', '-c:a', 'aac']
  return ffmpegCommand({
    ffmpeg,
    camera: spec.camera,
    output: [
      '-map',
      '0:v:0',
      ...sound,
      ...picture(spec, ffmpeg),
      ...segments({ format, seconds, directory })
    ],
    traits: { files: 'listed' }
  })
}
