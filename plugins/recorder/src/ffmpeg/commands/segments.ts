import { join } from 'node:path'
import type { OutputFormat } from '../../supervisor/types.ts'

interface Container {
  muxer: string
  /** Brings each group of pictures to the disk when it is whole, so that a file survives a kill. */
  options: string
}

const CONTAINERS: Record<OutputFormat, Container> = {
  mp4: { muxer: 'mp4', options: 'movflags=+frag_keyframe+empty_moov+default_base_moof:flush_packets=1' },
  mkv: { muxer: 'matroska', options: 'cluster_time_limit=1000:flush_packets=1' },
  ts: { muxer: 'mpegts', options: 'flush_packets=1' }
}

/** Options of `segments`. */
export interface SegmentOptions {
  format: OutputFormat
  /** Seconds of one file; it ends at the next keyframe. */
  seconds: number
  directory: string
}

/**
 * The arguments that write files of equal length into a directory and tell of each on descriptor 3 when it is closed.
 * The names are plain numbers: two files of one second, or a clock set back, cannot meet in one name.
 */
export function segments({ format, seconds, directory }: SegmentOptions): string[] {
  const { muxer, options } = CONTAINERS[format]
  return [
    '-f',
    'segment',
    '-segment_time',
    String(seconds),
    '-segment_format',
    muxer,
    '-segment_format_options',
    options,
    '-reset_timestamps',
    '1',
    '-segment_list',
    'pipe:3',
    '-segment_list_type',
    'csv',
    join(directory.replaceAll('%', '%%'), `%06d.${format}`)
  ]
}
