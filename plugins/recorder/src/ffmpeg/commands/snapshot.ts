import { join } from 'node:path'
import type { JobSpec, Quality } from '../../supervisor/types.ts'
import type { Ffmpeg } from '../Ffmpeg.ts'
import { STALL_AFTER_MS, type Command } from './Command.ts'
import { filterArgs } from './encoding.ts'
import { ffmpegCommand } from './ffmpegCommand.ts'
import { oneFrameEach, SAMPLED_RATE, samplingDecoder } from './sampling.ts'

const JPEG_QUALITY: Record<Quality, string> = { low: '8', medium: '4', high: '2' }

/** Takes one picture (`oneshot`), or one each `segmentDuration` seconds until stopped. Extra arguments do not apply. */
export function snapshot(spec: JobSpec, ffmpeg: Ffmpeg, directory: string): Command {
  const { segmentDuration: interval, quality = 'medium' } = spec
  const single = spec.triggerType === 'oneshot'
  const count = single ? ['-frames:v', '1'] : []
  const target = join(directory.replaceAll('%', '%%'), '%06d.jpg')
  // More threads would hold back a picture until the next one comes.
  const jpeg = ['-c:v', 'mjpeg', '-pix_fmt', 'yuvj420p', '-q:v', JPEG_QUALITY[quality], '-threads', '1']
  return ffmpegCommand({
    ffmpeg,
    camera: spec.camera,
    decoder: single ? [] : samplingDecoder(interval),
    output: [
      '-map',
      '0:v:0',
      ...filterArgs({ ...spec, extraArgs: [] }, single ? [] : oneFrameEach(interval)),
      ...count,
      '-r',
      String(SAMPLED_RATE),
      ...jpeg,
      '-f',
      'image2',
      '-atomic_writing',
      '1',
      target
    ],
    traits: {
      files: 'scanned',
      endsByItself: single,
      stallAfterMs: STALL_AFTER_MS + (single ? 0 : 3 * interval * 1_000)
    }
  })
}
