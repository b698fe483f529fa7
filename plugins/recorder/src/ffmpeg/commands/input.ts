import type { CameraProtocol, CameraSource } from '../../supervisor/types.ts'
import { cameraUrl } from '../cameraUrl.ts'
import type { FfmpegTool } from '../Ffmpeg.ts'
import { REDIRECT_URL } from './Command.ts'

/** How long ffmpeg waits for a camera that says nothing; it needs up to twice that to notice. */
export const INPUT_TIMEOUT_MS = 5_000

// The first libavformat whose concat demuxer takes options for what it opens.
const CONCAT_OPTIONS = 59

/** The part of a command line that opens the camera. */
export interface Input {
  args: string[]
  /** The list that the concat demuxer reads, where the URL is hidden there. */
  stdin?: string
  /** Where `REDIRECT_URL` in `args` has to lead, where the URL is hidden there. */
  redirectTo?: string
}

type NetworkProtocol = 'rtsp' | 'rtmp' | 'http'

const PROTOCOLS: Record<NetworkProtocol, string> = {
  rtsp: 'pipe,rtsp,rtp,tcp,udp,tls',
  rtmp: 'pipe,rtmp,rtmps,rtmpt,rtmpts,http,https,tcp,tls,crypto',
  http: 'pipe,http,https,httpproxy,tcp,tls,crypto,data'
}

// Without it a jump of the camera's clock makes one file hours long. Not for streams that come in bursts or with reordered
// frames: their own stamps are all there is to order them by.
function needsArrivalTime(protocol: NetworkProtocol, url: string): boolean {
  return protocol === 'rtsp' || (protocol === 'http' && !/\.(m3u8|ts|flv|mp4|mkv)([?#]|$)/i.test(url))
}

function network(protocol: NetworkProtocol, camera: CameraSource, tool: FfmpegTool): Input {
  const url = cameraUrl(camera)
  const timeout = String(INPUT_TIMEOUT_MS * 1_000)
  const clock = needsArrivalTime(protocol, camera.url) ? ['-use_wallclock_as_timestamps', '1'] : []
  if (protocol === 'rtsp' && tool.libavformat < CONCAT_OPTIONS) {
    const options = ['-rtsp_transport', 'tcp', tool.rtspTimeoutOption, timeout]
    const start = ['-analyzeduration', '500000', '-fpsprobesize', '0']
    return { args: [...options, ...start, ...clock, '-i', REDIRECT_URL], redirectTo: url }
  }
  const rtsp = ['rtsp_transport tcp', `timeout ${timeout}`, 'analyzeduration 500000', 'fpsprobesize 0']
  const wanted = protocol === 'rtsp' ? rtsp : [`rw_timeout ${timeout}`]
  const options = tool.libavformat < CONCAT_OPTIONS ? [] : wanted.map((option) => `option ${option}\n`)
  return {
    args: [
      '-f',
      'concat',
      '-safe',
      '0',
      '-protocol_whitelist',
      PROTOCOLS[protocol],
      ...clock,
      '-i',
      'pipe:0'
    ],
    stdin: `ffconcat version 1.0\nfile '${url}'\n${options.join('')}`
  }
}

/**
 * Opens a camera. The URL of a network camera stays out of the command line, for it may carry a password or a token: it
 * is given to the concat demuxer on the standard input, or, for RTSP before ffmpeg 5, by a redirect.
 */
export function input(camera: CameraSource, tool: FfmpegTool): Input {
  const { protocol, url } = camera
  if (protocol === 'test') return { args: ['-f', 'lavfi', '-i', 'testsrc2=size=640x360:rate=15'] }
  if (protocol === 'file') return { args: ['-protocol_whitelist', 'file', '-i', `file:${url}`] }
  return network(protocol === 'onvif' ? 'rtsp' : protocol, camera, tool)
}

const PACE: Partial<Record<CameraProtocol, readonly string[]>> = {
  file: ['-re', '-stream_loop', '-1'],
  test: ['-re']
}

/** The same for a job: what is no live camera plays in real time, and a file begins anew at its end. */
export function liveInput(camera: CameraSource, tool: FfmpegTool): Input {
  const opened = input(camera, tool)
  return { ...opened, args: [...(PACE[camera.protocol] ?? []), ...opened.args] }
}
