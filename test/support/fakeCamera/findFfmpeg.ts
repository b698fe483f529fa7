import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

/** An ffmpeg that runs on this machine. */
export interface Ffmpeg {
  /** What to spawn. */
  path: string
  /** The major version of its libavformat: 58 is ffmpeg 4, 59 is ffmpeg 5. */
  libavformat: number
}

/** Where an ffmpeg may come from: the one on PATH, or that of `@ffmpeg-installer/ffmpeg`. */
export type FfmpegSource = 'PATH' | 'npm'

/** The ffmpeg from the first of these sources that has one. */
export async function findFfmpeg(...sources: FfmpegSource[]): Promise<Ffmpeg | undefined> {
  for (const source of sources.length > 0 ? sources : (['PATH', 'npm'] as const)) {
    const path = source === 'PATH' ? 'ffmpeg' : await installedPath()
    const ffmpeg = path === undefined ? undefined : await probe(path)
    if (ffmpeg) return ffmpeg
  }
  return undefined
}

/** The option that bounds a wait for an RTSP camera, in µs: its name changed with libavformat 59. */
export function rtspTimeout({ libavformat }: Ffmpeg, seconds: number): string[] {
  return [libavformat >= 59 ? '-timeout' : '-stimeout', `${seconds * 1e6}`]
}

async function installedPath(): Promise<string | undefined> {
  try {
    const { default: installer } = await import('@ffmpeg-installer/ffmpeg')
    return installer.path
  } catch {
    // An optional dependency: absent, or without a build for this platform.
    return undefined
  }
}

async function probe(path: string): Promise<Ffmpeg | undefined> {
  try {
    const { stdout } = await promisify(execFile)(path, ['-version'])
    const major = /libavformat\s+(\d+)/.exec(stdout)?.[1]
    return major === undefined ? undefined : { path, libavformat: Number(major) }
  } catch {
    return undefined
  }
}
