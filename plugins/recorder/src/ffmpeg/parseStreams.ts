/** One stream that a camera sends. */
export interface CameraStream {
  type: 'video' | 'audio' | 'data'
  /** As ffmpeg names it: `h264`, `hevc`, `mjpeg`, `pcm_alaw`. */
  codec: string
  width?: number
  height?: number
  /** Frames a second. */
  fps?: number
  /** Hertz. */
  sampleRate?: number
  channels?: number
}

interface FfprobeStream {
  codec_type?: string
  codec_name?: string
  width?: number
  height?: number
  avg_frame_rate?: string
  r_frame_rate?: string
  sample_rate?: string
  channels?: number
}

function typeOf(name: string | undefined): CameraStream['type'] {
  const type = name?.toLowerCase()
  return type === 'video' || type === 'audio' ? type : 'data'
}

function ratio(text: string | undefined): number | undefined {
  const [above, below] = (text ?? '').split('/').map(Number)
  // A camera that does not say gives its clock of 90 kHz.
  if (!above || !below || above / below > 1_000) return undefined
  return Math.round((above / below) * 100) / 100
}

type CameraStreamParts = Pick<CameraStream, 'type' | 'codec'> & {
  [Key in 'width' | 'height' | 'fps' | 'sampleRate' | 'channels']: number | undefined
}

/** Leaves out what is not known. */
function known({ type, codec, ...rest }: CameraStreamParts): CameraStream {
  const entries = Object.entries(rest).filter(([, value]) => value !== undefined)
  return { type, codec, ...Object.fromEntries(entries) }
}

/** Reads `ffprobe -of json -show_streams`; empty where there is nothing to read. */
export function parseFfprobeStreams(json: string): CameraStream[] {
  let streams: FfprobeStream[]
  try {
    const answer: { streams?: FfprobeStream[] } = JSON.parse(json)
    streams = answer.streams ?? []
  } catch {
    return []
  }
  return streams.map((stream) =>
    known({
      type: typeOf(stream.codec_type),
      codec: stream.codec_name ?? 'unknown',
      width: stream.width,
      height: stream.height,
      fps: ratio(stream.avg_frame_rate) ?? ratio(stream.r_frame_rate),
      sampleRate: stream.sample_rate === undefined ? undefined : Number(stream.sample_rate),
      channels: stream.channels
    })
  )
}

function numberIn(text: string, pattern: RegExp): number | undefined {
  const found = pattern.exec(text)?.[1]
  return found === undefined ? undefined : Number(found)
}

/** Reads what ffmpeg says of its input, where there is no ffprobe. */
export function parseFfmpegStreams(log: string): CameraStream[] {
  const [ofInput = ''] = log.split(/^.*Output #0/m)
  const lines = ofInput.matchAll(/Stream #0:\d+[^:]*: (Video|Audio|Data): (\w+)(.*)$/gm)
  return [...lines].map(([, type, codec, rest = '']) =>
    known({
      type: typeOf(type),
      codec: codec ?? 'unknown',
      width: numberIn(rest, / (\d{2,5})x\d{2,5}/),
      height: numberIn(rest, / \d{2,5}x(\d{2,5})/),
      fps: numberIn(rest, / ([\d.]+) (?:fps|tbr)/),
      sampleRate: numberIn(rest, / (\d+) Hz/),
      channels: / mono/.test(rest) ? 1 : / stereo/.test(rest) ? 2 : undefined
    })
  )
}
