/** Frames a second of what is written when only one frame of many is taken. */
export const SAMPLED_RATE = 25

// With this much between two pictures a keyframe is never far, and the frames between need no decoding.
const KEYFRAMES_FROM_SECONDS = 10

/** Filters that take one frame each so many seconds and number them anew, so that ffmpeg fills no gaps with copies. */
export function oneFrameEach(seconds: number): string[] {
  return [
    `select=isnan(prev_selected_t)+gte(t-prev_selected_t\\,${seconds})`,
    `settb=1/${SAMPLED_RATE}`,
    'setpts=N'
  ]
}

/** Decoder options that save work when frames are far apart. */
export function samplingDecoder(seconds: number): string[] {
  return seconds >= KEYFRAMES_FROM_SECONDS ? ['-skip_frame', 'nokey'] : []
}
