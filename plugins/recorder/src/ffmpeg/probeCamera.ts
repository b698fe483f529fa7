import type { CameraSource } from '../supervisor/types.ts'
import { REDIRECT_URL } from './commands/Command.ts'
import { input } from './commands/input.ts'
import { describeFailure } from './describeFailure.ts'
import type { Ffmpeg, FfmpegTool } from './Ffmpeg.ts'
import { parseFfmpegStreams, parseFfprobeStreams, type CameraStream } from './parseStreams.ts'
import { createRedactor } from './redact.ts'
import { offerRedirect } from './redirect.ts'
import { runTool, type ToolResult } from './runTool.ts'

/** What a look at a camera brought. */
export interface CameraProbe {
  success: boolean
  durationMs: number
  streams: CameraStream[]
  /** One sentence, free of credentials. */
  error?: string
}

/** Options of `probeCamera`. */
export interface ProbeCameraOptions {
  timeoutMs?: number
  signal?: AbortSignal
}

interface Probe {
  tool: FfmpegTool
  before: string[]
  after: string[]
  parse: (result: ToolResult) => CameraStream[]
}

function chooseProbe(ffmpeg: Ffmpeg): Probe {
  const { ffprobe } = ffmpeg
  if (ffprobe) {
    const before = ['-hide_banner', '-loglevel', 'level+error', '-of', 'json', '-show_streams']
    return { tool: ffprobe, before, after: [], parse: ({ stdout }) => parseFfprobeStreams(stdout) }
  }
  const after = ['-map', '0:v:0', '-c', 'copy', '-t', '0.1', '-f', 'null', '-']
  const before = ['-nostdin', '-hide_banner', '-loglevel', 'level+info']
  return { tool: ffmpeg, before, after, parse: ({ stderr }) => parseFfmpegStreams(stderr) }
}

async function look(camera: CameraSource, { tool, before, after }: Probe, options: ProbeCameraOptions) {
  const { args, stdin = '', redirectTo } = input(camera, tool)
  let unreachable = ''
  const redirect =
    redirectTo === undefined
      ? undefined
      : await offerRedirect(redirectTo, { onUnreachable: (reason) => (unreachable = `\n[error] ${reason}`) })
  const hidden = redirect ? args.map((arg) => (arg === REDIRECT_URL ? redirect.url : arg)) : args
  try {
    const result = await runTool(tool.path, [...before, ...hidden, ...after], {
      stdin,
      onSpawn: (pid) => redirect?.expect(pid),
      ...options
    })
    return { ...result, stderr: result.stderr + unreachable }
  } finally {
    redirect?.close()
  }
}

function failure(result: ToolResult, camera: CameraSource, timeoutMs: number): string {
  if (result.timedOut) return `timed out after ${timeoutMs / 1_000} s`
  if (result.startError) return `ffprobe could not be started: ${result.startError}`
  const redact = createRedactor(camera)
  const errors = result.stderr.split('\n').filter((line) => /\[(error|fatal|panic)\]/.test(line))
  return describeFailure(errors.map(redact)) ?? 'the camera sends no stream'
}

/**
 * Looks at what a camera sends. An unreachable camera is an answer, not an error.
 * @throws the reason of `signal`, when it aborts
 */
export async function probeCamera(
  ffmpeg: Ffmpeg,
  camera: CameraSource,
  { timeoutMs = 10_000, ...options }: ProbeCameraOptions = {}
): Promise<CameraProbe> {
  const probe = chooseProbe(ffmpeg)
  const begun = performance.now()
  const result = await look(camera, probe, { timeoutMs, ...options })
  const durationMs = Math.round(performance.now() - begun)
  const streams = result.exitCode === 0 ? probe.parse(result) : []
  if (streams.length > 0) return { success: true, durationMs, streams }
  return { success: false, durationMs, streams, error: failure(result, camera, timeoutMs) }
}
