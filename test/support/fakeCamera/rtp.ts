import { randomInt } from 'node:crypto'
import { nalType } from './accessUnits.ts'
import type { Picture } from './liveStream.ts'
import { senderReport } from './senderReport.ts'

/** A picture as RTP packets (RFC 6184), made once and sent to every viewer of its stream. */
export interface RtpFrame {
  /** For UDP: the packets. */
  packets: Buffer[]
  /** For TCP: the same packets in RTSP's interleaved framing (RFC 2326, 10.12) on channel 0. */
  interleaved: Buffer
  /** The RTCP sender report that is due with this picture. */
  report?: Buffer
}

/** The payload type that the SDP gives to H.264. */
export const PAYLOAD_TYPE = 96

const MAX_PAYLOAD = 1400
const RTP_HEADER = 12
const FRAMING = 4
const FU_A = 28
const REPORT_INTERVAL = 5 * 90_000

/** A packetizer for one stream: it owns the sequence numbers. Reports come with the first picture, then each 5 s. */
export function createPacketizer({ reports = true } = {}): (picture: Picture) => RtpFrame {
  const ssrc = randomInt(2 ** 32)
  let sequence = randomInt(2 ** 16)
  let packetsSent = 0
  let bytesSent = 0
  let reportedAt = -Infinity

  return ({ nals, timestamp }) => {
    const payloads = nals.flatMap(fragment)
    const sizes = payloads.map((payload) => FRAMING + RTP_HEADER + payload.length)
    const interleaved = Buffer.alloc(sizes.reduce((sum, size) => sum + size, 0))
    let end = 0
    const packets = payloads.map((payload, index) => {
      const start = end
      end += FRAMING + RTP_HEADER + payload.length
      const last = index === payloads.length - 1
      writeFraming(interleaved, start, RTP_HEADER + payload.length)
      const packet = interleaved.subarray(start + FRAMING, end)
      packet[0] = 0x80
      packet[1] = PAYLOAD_TYPE | (last ? 0x80 : 0)
      packet.writeUInt16BE(sequence, 2)
      packet.writeUInt32BE(wrap(timestamp), 4)
      packet.writeUInt32BE(ssrc, 8)
      payload.copy(packet, RTP_HEADER)
      sequence = (sequence + 1) & 0xffff
      bytesSent += payload.length
      return packet
    })
    packetsSent += packets.length
    // A jump back of the clock is also a reason to tell the time.
    const due = reports && Math.abs(timestamp - reportedAt) >= REPORT_INTERVAL
    if (!due) return { packets, interleaved }
    reportedAt = timestamp
    const report = senderReport({ ssrc, timestamp: wrap(timestamp), packetsSent, bytesSent })
    return { packets, interleaved, report }
  }
}

/** A packet, or the packets of a frame, framed for another channel than 0. */
export function interleave(packets: Buffer[], channel: number): Buffer {
  const framed = packets.map((packet) => {
    const one = Buffer.alloc(FRAMING + packet.length)
    writeFraming(one, 0, packet.length)
    one[1] = channel
    packet.copy(one, FRAMING)
    return one
  })
  return Buffer.concat(framed)
}

function writeFraming(buffer: Buffer, at: number, length: number): void {
  buffer[at] = 0x24
  buffer.writeUInt16BE(length, at + 2)
}

/** One packet for a small NAL unit, several FU-A packets for a large one. */
function fragment(nal: Buffer): Buffer[] {
  if (nal.length <= MAX_PAYLOAD) return [nal]
  const indicator = (nal.readUInt8(0) & 0xe0) | FU_A
  const size = MAX_PAYLOAD - 2
  const payloads: Buffer[] = []
  for (let start = 1; start < nal.length; start += size) {
    const first = start === 1 ? 0x80 : 0
    const last = start + size >= nal.length ? 0x40 : 0
    const head = Buffer.from([indicator, first | last | nalType(nal)])
    payloads.push(Buffer.concat([head, nal.subarray(start, start + size)]))
  }
  return payloads
}

function wrap(timestamp: number): number {
  return ((timestamp % 2 ** 32) + 2 ** 32) % 2 ** 32
}
