import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { findStamps } from './stamp.ts'

/**
 * When each picture of a recording was taken, in ms since 1970, in the order of the file. Only what a player
 * would find counts: the file is read by `ffmpeg`, which must be able to open it. A step between two
 * neighbours of more than `1000 / fps` is video that was lost.
 *
 * @throws when `ffmpeg` cannot read the file; the message holds what it printed.
 */
export async function readStamps(file: string, { ffmpeg = 'ffmpeg' } = {}): Promise<number[]> {
  const quiet = ['-nostdin', '-hide_banner', '-loglevel', 'error']
  const extract = ['-map', '0:v:0', '-c', 'copy', '-bsf:v', 'h264_mp4toannexb', '-f', 'h264', '-']
  const { stdout } = await promisify(execFile)(ffmpeg, [...quiet, '-i', file, ...extract], {
    encoding: 'buffer',
    maxBuffer: 2 ** 30
  })
  return findStamps(stdout)
}
