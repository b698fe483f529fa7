import { stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { findOnPath, makeExecutable, packagedBinary } from './executable.ts'
import type { Ffmpeg, FfmpegOrigin, FfmpegTool } from './Ffmpeg.ts'
import { probeFfmpeg, probeTool } from './probeFfmpeg.ts'

/** Options of `locateFfmpeg`. */
export interface LocateOptions {
  /** The path that the deployment configured. */
  configuredPath?: string | undefined
  /** Where a packaged binary is copied when it cannot be executed in place. */
  cacheDirectory: string
  env?: NodeJS.ProcessEnv
}

/** A candidate that was looked at and not taken. */
export interface RejectedFfmpeg {
  origin: FfmpegOrigin
  reason: string
}

/** What the search brought. */
export interface LocatedFfmpeg {
  ffmpeg?: Ffmpeg
  rejected: RejectedFfmpeg[]
}

type Find = () => Promise<string | undefined>

function fromPackage(name: string, cacheDirectory: string): Find {
  return async () => {
    const path = await packagedBinary(name)
    return path === undefined ? undefined : makeExecutable(path, cacheDirectory)
  }
}

/** In order; the first that passes its probe is taken. */
function candidates({
  configuredPath,
  cacheDirectory,
  env = process.env
}: LocateOptions): [FfmpegOrigin, Find][] {
  return [
    ['configured', async () => configuredPath],
    ['FFMPEG_PATH', async () => env.FFMPEG_PATH],
    ['PATH', () => findOnPath('ffmpeg', env.PATH ?? '')],
    ['ffmpeg-static', fromPackage('ffmpeg-static', cacheDirectory)],
    ['@ffmpeg-installer/ffmpeg', fromPackage('@ffmpeg-installer/ffmpeg', cacheDirectory)]
  ]
}

/** The ffprobe beside the ffmpeg, else one on `PATH`, else the packaged one. */
async function locateFfprobe(ffmpegPath: string, options: LocateOptions): Promise<FfmpegTool | undefined> {
  const { cacheDirectory, env = process.env } = options
  const places: Find[] = [
    () => findOnPath('ffprobe', dirname(ffmpegPath)),
    () => findOnPath('ffprobe', env.PATH ?? ''),
    fromPackage('@ffprobe-installer/ffprobe', cacheDirectory)
  ]
  for (const find of places) {
    const path = await find().catch(() => undefined)
    if (path === undefined) continue
    const probed = await probeTool(path)
    if (probed.ok) return probed.tool
  }
  return undefined
}

/**
 * Looks for an ffmpeg that can record: the configured path, `FFMPEG_PATH`, `PATH`, then the optional packages.
 * Says of each candidate that was there and not taken why. See `FFMPEG_HINT` for when none is left.
 */
export async function locateFfmpeg(options: LocateOptions): Promise<LocatedFfmpeg> {
  const rejected: RejectedFfmpeg[] = []
  for (const [origin, find] of candidates(options)) {
    try {
      const found = await find()
      if (found === undefined || found === '') continue
      const path = (await stat(found)).isDirectory() ? join(found, 'ffmpeg') : found
      const probed = await probeFfmpeg(path)
      if (!probed.ok) {
        rejected.push({ origin, reason: probed.reason })
        continue
      }
      const ffprobe = await locateFfprobe(path, options)
      return { ffmpeg: { ...probed.tool, origin, ...(ffprobe ? { ffprobe } : {}) }, rejected }
    } catch (error) {
      rejected.push({ origin, reason: error instanceof Error ? error.message : String(error) })
    }
  }
  return { rejected }
}
