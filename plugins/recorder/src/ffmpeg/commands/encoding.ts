import { SupervisorError } from '../../supervisor/SupervisorError.ts'
import type { JobSpec, Quality, VideoCodec } from '../../supervisor/types.ts'
import { splitFilters } from '../extraArgs.ts'
import type { Ffmpeg } from '../Ffmpeg.ts'

const CRF: Record<'h264' | 'h265', Record<Quality, string>> = {
  h264: { low: '28', medium: '23', high: '18' },
  h265: { low: '32', medium: '28', high: '22' }
}

const MPEG4_QUALITY: Record<Quality, string> = { low: '10', medium: '5', high: '2' }

/** Options of `encode`. */
export interface EncodeOptions {
  spec: JobSpec
  ffmpeg: Ffmpeg
  /** Filters of the template itself, before those of the job. */
  filters?: readonly string[]
  preset?: 'ultrafast' | 'veryfast'
}

/** The filter arguments of a job that encodes: the template's, the resolution's and the job's own, as one chain. */
export function filterArgs(spec: JobSpec, own: readonly string[] = []): string[] {
  const scale = spec.resolution ? [`scale=${spec.resolution.replace('x', ':')}`] : []
  const chain = [...own, ...scale, ...splitFilters(spec.extraArgs).filters]
  return chain.length > 0 ? ['-vf', chain.join(',')] : []
}

/** The arguments that encode the picture, the job's extra arguments included. */
export function encode({ spec, ffmpeg, filters = [], preset = 'veryfast' }: EncodeOptions): string[] {
  const { quality = 'medium', extraArgs } = spec
  const codec: Exclude<VideoCodec, 'copy'> = spec.codec === 'h265' ? 'h265' : 'h264'
  const encoder = codec === 'h265' ? 'libx265' : 'libx264'
  const common = [...filterArgs(spec, filters), '-pix_fmt', 'yuv420p']
  const { others } = splitFilters(extraArgs)
  if (ffmpeg.encoders.has(encoder)) {
    const tag = codec === 'h265' && spec.outputFormat === 'mp4' ? ['-tag:v', 'hvc1'] : []
    const speed = ['-preset', preset, '-tune', 'zerolatency', '-crf', CRF[codec][quality]]
    return [...common, '-c:v', encoder, ...speed, ...tag, ...others]
  }
  if (spec.codec === 'copy' && ffmpeg.encoders.has('mpeg4')) {
    return [...common, '-c:v', 'mpeg4', '-q:v', MPEG4_QUALITY[quality], ...others]
  }
  throw new SupervisorError('INVALID_JOB', `This ffmpeg (${ffmpeg.path}) was built without ${encoder}.`)
}
