import { splitAccessUnits } from './accessUnits.ts'
import { createAuthentication, type Scheme } from './authentication.ts'
import { FakeCamera } from './fakeCamera.ts'
import { noFaults } from './faults.ts'
import { LiveStream, type Picture } from './liveStream.ts'
import { makeTestVideo } from './makeTestVideo.ts'
import { createTsMuxer } from './mpegTs.ts'
import { createPacketizer } from './rtp.ts'
import { describeVideo } from './sdp.ts'
import { openUdpPair } from './udpPair.ts'

export interface FakeCameraOptions {
  /** 0 is any that is free. */
  port?: number
  /** An H.264 Annex B stream without B pictures that begins with SPS, PPS and a keyframe. */
  video?: Buffer
  /** Pictures a second of the video. */
  fps?: number
  /** The ffmpeg that draws the video when none is given. */
  ffmpeg?: string
  /** With both of `username` and `password`, the camera asks for them. */
  username?: string
  password?: string
  authentication?: Scheme
  /** Whether Digest asks for `qop="auth"`. */
  qop?: boolean
  /** Whether RTCP sender reports are sent, each 5 s. */
  senderReports?: boolean
  /** Whether each picture carries the time at which it was taken, for `readStamps`. */
  stamp?: boolean
}

/**
 * Starts a camera that loops a video in real time at every path.
 *
 * @throws when the port is taken, or the video is not one that can be looped.
 * @example
 * const camera = await startFakeCamera({ username: 'operator', password: 'secret' })
 * record(camera.url('/main', camera.login))
 * await once(camera, 'play')
 * camera.freeze()
 */
export async function startFakeCamera({
  port = 0,
  fps = 15,
  ffmpeg = 'ffmpeg',
  video: given,
  username,
  password,
  authentication: scheme = 'digest',
  qop = false,
  senderReports = true,
  stamp = false
}: FakeCameraOptions = {}): Promise<FakeCamera> {
  const video = splitAccessUnits(given ?? (await makeTestVideo({ ffmpeg, fps })))
  const sdp = describeVideo({ video, fps })
  const login = username === undefined || password === undefined ? undefined : { username, password }
  const faults = noFaults()
  const stream = <Encoded>(encode: (picture: Picture) => Encoded) =>
    new LiveStream({ video, fps, stamp, faults, encode })

  const camera = new FakeCamera({
    port,
    login,
    device: {
      faults,
      sdp,
      authentication: createAuthentication({ login, scheme, qop }),
      udp: await openUdpPair(),
      rtpStream: onePerPath(() => stream(createPacketizer({ reports: senderReports }))),
      tsStream: onePerPath(() => stream(createTsMuxer()))
    }
  })
  try {
    await camera.online()
  } catch (error) {
    await camera.stop()
    throw error
  }
  return camera
}

function onePerPath<Stream>(make: () => Stream): (path: string) => Stream {
  const streams = new Map<string, Stream>()
  return (path) => {
    const stream = streams.get(path) ?? make()
    streams.set(path, stream)
    return stream
  }
}
