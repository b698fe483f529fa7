const SENDER_REPORT = 200
const SOURCE_DESCRIPTION = 202
const CNAME = 1
/** Seconds from 1900, where NTP begins, to 1970. */
const NTP_EPOCH = 2_208_988_800

export interface SenderReportOptions {
  ssrc: number
  /** The RTP timestamp of now, 32 bits. */
  timestamp: number
  packetsSent: number
  bytesSent: number
}

/** A compound RTCP packet: a sender report and the CNAME that must go with it (RFC 3550, 6.1 and 6.4.1). */
export function senderReport({ ssrc, timestamp, packetsSent, bytesSent }: SenderReportOptions): Buffer {
  const now = Date.now()
  const report = Buffer.alloc(28)
  writeHeader(report, { count: 0, type: SENDER_REPORT })
  report.writeUInt32BE(ssrc, 4)
  report.writeUInt32BE(Math.floor(now / 1000) + NTP_EPOCH, 8)
  report.writeUInt32BE(Math.floor(((now % 1000) / 1000) * 2 ** 32), 12)
  report.writeUInt32BE(timestamp, 16)
  report.writeUInt32BE(packetsSent % 2 ** 32, 20)
  report.writeUInt32BE(bytesSent % 2 ** 32, 24)
  return Buffer.concat([report, sourceDescription(ssrc)])
}

function sourceDescription(ssrc: number): Buffer {
  const name = Buffer.from('fakeCamera')
  // At least one zero byte ends the list of items, and 32-bit words end the packet.
  const packet = Buffer.alloc(Math.ceil((10 + name.length + 1) / 4) * 4)
  writeHeader(packet, { count: 1, type: SOURCE_DESCRIPTION })
  packet.writeUInt32BE(ssrc, 4)
  packet[8] = CNAME
  packet[9] = name.length
  name.copy(packet, 10)
  return packet
}

function writeHeader(packet: Buffer, { count, type }: { count: number; type: number }): void {
  packet[0] = 0x80 | count
  packet[1] = type
  packet.writeUInt16BE(packet.length / 4 - 1, 2)
}
