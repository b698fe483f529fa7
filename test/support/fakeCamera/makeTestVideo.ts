import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { readFile, rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

/** What {@link makeTestVideo} draws. */
export interface TestVideoOptions {
  /** The ffmpeg to draw with; it needs libx264. */
  ffmpeg?: string
  seconds?: number
  /** Whole pictures a second. */
  fps?: number
  size?: `${number}x${number}`
  /** In kbit/s. */
  bitrate?: number
}

/**
 * A test card as an H.264 Annex B stream: no B pictures, one keyframe each second, one at its start, so that
 * it can be looped. It is drawn once for each set of options and then kept in the temporary directory.
 *
 * @throws when `ffmpeg` fails; the message holds what it printed.
 */
export async function makeTestVideo({
  ffmpeg = 'ffmpeg',
  seconds = 10,
  fps = 15,
  size = '640x360',
  bitrate = 300
}: TestVideoOptions = {}): Promise<Buffer> {
  const file = join(tmpdir(), `signalbox-video-${size}-${fps}fps-${bitrate}k-${seconds}s.h264`)
  const known = await readFile(file).catch(() => undefined)
  if (known) return known

  const draft = `${file}.${randomUUID()}`
  const source = `testsrc2=size=${size}:rate=${fps}:duration=${seconds}`
  const picture = ['-c:v', 'libx264', '-preset', 'veryfast', '-pix_fmt', 'yuv420p', '-bf', '0']
  const keyframes = ['-g', `${fps}`, '-keyint_min', `${fps}`, '-sc_threshold', '0']
  const rate = ['-b:v', `${bitrate}k`, '-maxrate', `${bitrate}k`, '-bufsize', `${bitrate}k`]
  try {
    const quiet = ['-nostdin', '-hide_banner', '-loglevel', 'error', '-y']
    const input = ['-f', 'lavfi', '-i', source]
    const args = [...quiet, ...input, ...picture, ...keyframes, ...rate, '-f', 'h264', draft]
    await promisify(execFile)(ffmpeg, args)
    // The rename makes the file appear whole, whoever else is drawing the same one.
    await rename(draft, file)
  } finally {
    await rm(draft, { force: true })
  }
  return readFile(file)
}
