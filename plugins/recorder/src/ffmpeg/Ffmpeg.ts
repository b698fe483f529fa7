/** One executable of the ffmpeg family and its age. */
export interface FfmpegTool {
  path: string
  /** As it calls itself: `5.1.9-0+deb12u1`. */
  version: string
  /** Major version of its libavformat: 58 is ffmpeg 4, 59 is ffmpeg 5. What an option is called depends on it. */
  libavformat: number
  /** What the limit of the wait for an RTSP camera (in microseconds) is called. */
  rtspTimeoutOption: '-timeout' | '-stimeout'
}

/** Where an executable was found. */
export type FfmpegOrigin =
  'configured' | 'FFMPEG_PATH' | 'PATH' | 'ffmpeg-static' | '@ffmpeg-installer/ffmpeg'

/** The ffmpeg that is used, with what it was found able to do. */
export interface Ffmpeg extends FfmpegTool {
  origin: FfmpegOrigin
  /** The ffprobe to go with it, where there is one. */
  ffprobe?: FfmpegTool
  /** Whether the interval of progress reports can be set. */
  statsPeriod: boolean
  /** The encoders among those that commands may ask for. */
  encoders: ReadonlySet<string>
}

/** How to get an ffmpeg where none was found. */
export const FFMPEG_HINT =
  'No usable ffmpeg was found. Install one ("apt-get install ffmpeg", "brew install ffmpeg"), ' +
  'or give its path in FFMPEG_PATH, then restart'
