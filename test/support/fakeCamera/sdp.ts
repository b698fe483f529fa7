import { type AccessUnit, NAL, nalType } from './accessUnits.ts'
import { PAYLOAD_TYPE } from './rtp.ts'

/** How the one track of a stream is addressed below the URL of the stream. */
export const TRACK = 'trackID=0'

/**
 * The description of a video for RTSP players (RFC 4566, RFC 6184 8.2.1).
 *
 * @throws when the video does not begin with SPS, PPS and a keyframe.
 */
export function describeVideo({ video, fps }: { video: AccessUnit[]; fps: number }): string {
  const first = video[0]
  const sps = first?.nals.find((nal) => nalType(nal) === NAL.sps)
  const pps = first?.nals.find((nal) => nalType(nal) === NAL.pps)
  if (!first?.keyframe || !sps || !pps) {
    throw new Error('The video is not an H.264 Annex B stream that begins with SPS, PPS and a keyframe')
  }
  const profile = sps.toString('hex', 1, 4)
  const sets = `${sps.toString('base64')},${pps.toString('base64')}`
  const lines = [
    'v=0',
    'o=- 1 1 IN IP4 127.0.0.1',
    's=Fake camera',
    'c=IN IP4 0.0.0.0',
    't=0 0',
    'a=control:*',
    'a=range:npt=now-',
    `m=video 0 RTP/AVP ${PAYLOAD_TYPE}`,
    `a=rtpmap:${PAYLOAD_TYPE} H264/90000`,
    `a=fmtp:${PAYLOAD_TYPE} packetization-mode=1;profile-level-id=${profile};sprop-parameter-sets=${sets}`,
    `a=framerate:${fps}`,
    `a=control:${TRACK}`
  ]
  return lines.map((line) => `${line}\r\n`).join('')
}
