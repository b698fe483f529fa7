import type { Ffmpeg, FfmpegTool } from './Ffmpeg.ts'
import { runTool } from './runTool.ts'

const NEEDED_MUXERS = ['segment', 'mp4', 'image2', 'null']
const KNOWN_ENCODERS = ['libx264', 'libx265', 'mpeg4', 'mjpeg', 'aac']

/** What a probe found: the tool, or a sentence that says why it is of no use. */
export type Probed<T> = { ok: true; tool: T } | { ok: false; reason: string }

async function ask(path: string, ...args: string[]): Promise<string> {
  const { stdout } = await runTool(path, ['-hide_banner', ...args])
  return stdout
}

function names(table: string): Set<string> {
  const found = new Set<string>()
  for (const [, list] of table.matchAll(/^ [A-Z. ]+ (\S+)/gm))
    for (const name of list!.split(',')) found.add(name)
  return found
}

/** Asks an executable of the ffmpeg family how old it is, and whether it knows RTSP. */
export async function probeTool(path: string): Promise<Probed<FfmpegTool>> {
  const { stdout, exitCode, startError } = await runTool(path, ['-version'])
  if (exitCode !== 0)
    return { ok: false, reason: `${path} does not run (${startError ?? `exit code ${exitCode}`})` }
  const version = /^\S+ version (\S+)/.exec(stdout)?.[1]
  const libavformat = Number(/^libavformat\s+(\d+)/m.exec(stdout)?.[1])
  if (version === undefined || Number.isNaN(libavformat)) {
    return { ok: false, reason: `${path} does not answer -version like ffmpeg` }
  }
  const rtsp = await ask(path, '-h', 'demuxer=rtsp')
  if (!/^\s+-rtsp_transport\s/m.test(rtsp)) return { ok: false, reason: `${path} was built without RTSP` }
  const rtspTimeoutOption = /^\s+-stimeout\s/m.test(rtsp) ? '-stimeout' : '-timeout'
  return { ok: true, tool: { path, version, libavformat, rtspTimeoutOption } }
}

/** Finds out what an ffmpeg can do, and whether that is enough to record cameras. */
export async function probeFfmpeg(path: string): Promise<Probed<Omit<Ffmpeg, 'origin'>>> {
  const probed = await probeTool(path)
  if (!probed.ok) return probed
  const [muxers, encoders, help] = await Promise.all([
    ask(path, '-muxers').then(names),
    ask(path, '-encoders').then(names),
    ask(path, '-h', 'long')
  ])
  const missing = NEEDED_MUXERS.filter((muxer) => !muxers.has(muxer))
  if (missing.length > 0) return { ok: false, reason: `${path} was built without ${missing.join(', ')}` }
  return {
    ok: true,
    tool: {
      ...probed.tool,
      statsPeriod: help.includes('-stats_period'),
      encoders: new Set(KNOWN_ENCODERS.filter((encoder) => encoders.has(encoder)))
    }
  }
}
