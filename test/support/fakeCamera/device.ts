import type { EventEmitter } from 'node:events'
import type { Authentication } from './authentication.ts'
import type { Faults } from './faults.ts'
import type { LiveStream } from './liveStream.ts'
import type { RtpFrame } from './rtp.ts'
import type { UdpPair } from './udpPair.ts'

/** How the pictures travel: RTP interleaved in the RTSP connection, RTP over UDP, or MPEG-TS over HTTP. */
export type Transport = 'tcp' | 'udp' | 'http'

/** One player's look at one stream. */
export interface Play {
  path: string
  transport: Transport
}

/** What can be waited for. */
export interface CameraEvents {
  /** A player was answered, and its pictures begin. */
  play: [Play]
  /** A player said TEARDOWN. */
  teardown: [Play]
  /** A player gets no more pictures, for whatever reason. */
  end: [Play]
  /** A request was answered. */
  request: [{ method: string; path: string; status: number }]
}

/** What all connections of one camera share. */
export interface Device {
  faults: Faults
  authentication: Authentication
  sdp: string
  udp: UdpPair
  rtpStream: (path: string) => LiveStream<RtpFrame>
  tsStream: (path: string) => LiveStream<Buffer>
  events: EventEmitter<CameraEvents>
}
