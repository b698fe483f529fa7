import { NAL, nalType } from './accessUnits.ts'
import type { Picture } from './liveStream.ts'

const PACKET = 188
const PAT_PID = 0
const PMT_PID = 0x100
const VIDEO_PID = 0x101
const H264 = 0x1b
/** How much later than it arrives a picture is shown, on the 90 kHz clock. */
const DELAY = 9000

const START_CODE = Buffer.from([0, 0, 0, 1])
const DELIMITER = Buffer.from([0, 0, 0, 1, NAL.delimiter, 0xf0])

/** A muxer for one MPEG-TS stream (ISO 13818-1) of H.264 without B pictures; the tables go before each keyframe. */
export function createTsMuxer(): (picture: Picture) => Buffer {
  const counters = new Map<number, number>()
  const nextCount = (pid: number) => {
    const count = counters.get(pid) ?? 0
    counters.set(pid, (count + 1) & 0x0f)
    return count
  }

  return ({ nals, keyframe, timestamp }) => {
    const packets: Buffer[] = []
    if (keyframe) packets.push(tablePacket(PAT_PID, PAT, nextCount), tablePacket(PMT_PID, PMT, nextCount))
    let rest = pes(nals, timestamp + DELAY)
    for (let first = true; rest.length > 0; first = false) {
      const head = first ? clockField(timestamp) : Buffer.alloc(0)
      const room = PACKET - 4 - head.length
      const payload = rest.subarray(0, room)
      packets.push(tsPacket({ pid: VIDEO_PID, first, count: nextCount(VIDEO_PID), field: head, payload }))
      rest = rest.subarray(payload.length)
    }
    return Buffer.concat(packets)
  }
}

interface TsPacket {
  pid: number
  /** Whether a table or a PES packet begins here. */
  first: boolean
  count: number
  /** The adaptation field with its length byte, or nothing. */
  field: Buffer
  payload: Buffer
}

function tsPacket({ pid, first, count, field, payload }: TsPacket): Buffer {
  const adaptation = stuff(field, PACKET - 4 - payload.length)
  const head = Buffer.from([
    0x47,
    (first ? 0x40 : 0) | (pid >> 8),
    pid & 0xff,
    (adaptation.length > 0 ? 0x30 : 0x10) | count
  ])
  return Buffer.concat([head, adaptation, payload])
}

/** Lengthens an adaptation field to exactly `size` bytes. */
function stuff(field: Buffer, size: number): Buffer {
  if (field.length === size) return field
  const stuffed = Buffer.alloc(size, 0xff)
  stuffed[0] = size - 1
  if (size > 1) stuffed[1] = 0
  field.subarray(1).copy(stuffed, 1)
  return stuffed
}

/** An adaptation field with the programme clock (PCR). */
function clockField(timestamp: number): Buffer {
  const field = Buffer.from([7, 0x10, 0, 0, 0, 0, 0x7e, 0])
  const base = wrap(timestamp)
  field.writeUInt32BE(Math.floor(base / 2), 2)
  field[6] = 0x7e | ((base % 2) << 7)
  return field
}

function pes(nals: Buffer[], presentation: number): Buffer {
  const time = wrap(presentation)
  const high = Math.floor(time / 2 ** 30)
  const middle = Math.floor(time / 2 ** 15) & 0x7fff
  const low = time % 2 ** 15
  const head = Buffer.from([0, 0, 1, 0xe0, 0, 0, 0x80, 0x80, 5, 0x21 | (high << 1), 0, 0, 0, 0])
  head.writeUInt16BE((middle << 1) | 1, 10)
  head.writeUInt16BE((low << 1) | 1, 12)
  const delimiter = nals.some((nal) => nalType(nal) === NAL.delimiter) ? [] : [DELIMITER]
  return Buffer.concat([head, ...delimiter, ...nals.flatMap((nal) => [START_CODE, nal])])
}

const PAT = table(0x00, 1, [0, 1, 0xe0 | (PMT_PID >> 8), PMT_PID & 0xff])
const PMT = table(0x02, 1, [
  0xe0 | (VIDEO_PID >> 8),
  VIDEO_PID & 0xff,
  0xf0,
  0,
  H264,
  0xe0 | (VIDEO_PID >> 8),
  VIDEO_PID & 0xff,
  0xf0,
  0
])

/** A section of a table with its checksum, `id` being the transport stream's or the programme's. */
function table(type: number, id: number, entries: number[]): Buffer {
  const length = 5 + entries.length + 4
  const body = Buffer.from([type, 0xb0, length, id >> 8, id & 0xff, 0xc1, 0, 0, ...entries])
  const checksum = Buffer.alloc(4)
  checksum.writeUInt32BE(crc32(body))
  return Buffer.concat([body, checksum])
}

function tablePacket(pid: number, section: Buffer, nextCount: (pid: number) => number): Buffer {
  const payload = Buffer.alloc(PACKET - 4, 0xff)
  payload[0] = 0
  section.copy(payload, 1)
  return tsPacket({ pid, first: true, count: nextCount(pid), field: Buffer.alloc(0), payload })
}

/** The checksum of ISO 13818-1, annex A: not the reflected one of zip. */
function crc32(data: Buffer): number {
  let crc = 0xffffffff
  for (const byte of data) {
    crc ^= byte << 24
    for (let bit = 0; bit < 8; bit++) crc = crc & 0x80000000 ? (crc << 1) ^ 0x04c11db7 : crc << 1
  }
  return crc >>> 0
}

function wrap(timestamp: number): number {
  return ((timestamp % 2 ** 33) + 2 ** 33) % 2 ** 33
}
