import { randomInt } from 'node:crypto'
import type { Connection, Reply } from './connection.ts'
import type { Device } from './device.ts'
import type { Viewer } from './liveStream.ts'
import type { Request } from './requestParser.ts'
import { interleave, type RtpFrame } from './rtp.ts'

/** What a player agreed on with SETUP. */
interface Setup {
  transport: 'tcp' | 'udp'
  viewer: Viewer<RtpFrame>
}

/** The RTSP side of a connection (RFC 2326): one session, which ends with it. */
export class RtspSession {
  readonly #connection: Connection
  readonly #device: Device
  readonly #id = String(randomInt(1e8, 1e9))
  #setup: Setup | undefined

  constructor(connection: Connection, device: Device) {
    this.#connection = connection
    this.#device = device
  }

  answer({ method, uri, headers }: Request, path: string): Reply {
    switch (method) {
      case 'OPTIONS':
        return { status: 200, headers: { Public: METHODS } }
      case 'DESCRIBE':
        return this.#describe(uri)
      case 'SETUP':
        return this.#negotiate(headers.get('transport') ?? '')
      case 'PLAY':
        return this.#play(path)
      case 'GET_PARAMETER':
        return { status: 200, headers: this.#session() }
      case 'TEARDOWN':
        return this.#teardown()
      default:
        return { status: 501 }
    }
  }

  #session(): Record<string, string> {
    return { Session: `${this.#id};timeout=60` }
  }

  #describe(uri: string): Reply {
    const base = uri.endsWith('/') ? uri : `${uri}/`
    const headers = { 'Content-Type': 'application/sdp', 'Content-Base': base }
    return { status: 200, headers, body: this.#device.sdp }
  }

  /** Takes the first of the offered transports that this camera knows: unicast over TCP or UDP. */
  #negotiate(offers: string): Reply {
    for (const offer of offers.split(',')) {
      const agreed = this.#interleaved(offer) ?? this.#datagrams(offer)
      if (!agreed) continue
      this.#setup = agreed.setup
      return { status: 200, headers: { ...this.#session(), Transport: agreed.answer } }
    }
    return { status: 461 }
  }

  #interleaved(offer: string): { setup: Setup; answer: string } | undefined {
    if (!offer.includes('RTP/AVP/TCP')) return undefined
    const channel = Number(/interleaved=(\d+)/.exec(offer)?.[1] ?? 0)
    const viewer = (frame: RtpFrame) => {
      this.#connection.send(channel === 0 ? frame.interleaved : interleave(frame.packets, channel))
      if (frame.report) this.#connection.send(interleave([frame.report], channel + 1))
    }
    const answer = `RTP/AVP/TCP;unicast;interleaved=${channel}-${channel + 1}`
    return { setup: { transport: 'tcp', viewer }, answer }
  }

  #datagrams(offer: string): { setup: Setup; answer: string } | undefined {
    const ports = /client_port=(\d+)-(\d+)/.exec(offer)
    if (!ports || offer.includes('multicast')) return undefined
    const [rtpPort, rtcpPort] = [Number(ports[1]), Number(ports[2])]
    const { udp, faults } = this.#device
    const host = this.#connection.socket.remoteAddress
    let debt = 0
    const viewer = ({ packets, report }: RtpFrame) => {
      for (const packet of packets) {
        // Losses are spread evenly, so that a test can count on them.
        debt += faults.loss
        if (debt >= 1) debt -= 1
        else udp.rtp.send(packet, rtpPort, host)
      }
      if (report) udp.rtcp.send(report, rtcpPort, host)
    }
    const serverPorts = `${udp.rtp.address().port}-${udp.rtcp.address().port}`
    const answer = `RTP/AVP;unicast;client_port=${rtpPort}-${rtcpPort};server_port=${serverPorts}`
    return { setup: { transport: 'udp', viewer }, answer }
  }

  #play(path: string): Reply {
    if (!this.#setup) return { status: 455 }
    const stream = this.#device.rtpStream(path)
    const play = { path, stream, ...this.#setup }
    const headers = { ...this.#session(), Range: 'npt=0.000-' }
    return { status: 200, headers, after: () => this.#connection.play(play) }
  }

  #teardown(): Reply {
    const play = this.#connection.stopPlaying()
    if (!play) return { status: 454 }
    this.#setup = undefined
    return { status: 200, after: () => this.#device.events.emit('teardown', play) }
  }
}

const METHODS = 'OPTIONS, DESCRIBE, SETUP, PLAY, GET_PARAMETER, TEARDOWN'
