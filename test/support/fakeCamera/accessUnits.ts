/** One coded picture: its NAL units in decoding order, without start codes. */
export interface AccessUnit {
  nals: Buffer[]
  keyframe: boolean
}

/** NAL unit types of H.264, table 7-1. */
export const NAL = { slice: 1, idr: 5, sei: 6, sps: 7, pps: 8, delimiter: 9 } as const

/** The type of a NAL unit: the low five bits of its first byte. */
export function nalType(nal: Buffer): number {
  return nal.readUInt8(0) & 0x1f
}

/** Whether a NAL unit carries picture data (types 1 to 5). */
export function isSlice(nal: Buffer): boolean {
  const type = nalType(nal)
  return type >= NAL.slice && type <= NAL.idr
}

/** Splits an Annex B elementary stream at its start codes (three or four bytes). */
export function splitNals(stream: Buffer): Buffer[] {
  const nals: Buffer[] = []
  let start = stream.indexOf(START_CODE)
  while (start >= 0) {
    const next = stream.indexOf(START_CODE, start + 3)
    const nal = trimZeros(stream.subarray(start + 3, next < 0 ? stream.length : next))
    if (nal.length > 0) nals.push(nal)
    start = next
  }
  return nals
}

/**
 * Groups the NAL units of an Annex B stream into access units. A picture of several slices stays whole: a
 * new one begins at a slice with `first_mb_in_slice` 0, or at the headers before it (H.264, 7.4.1.2.3).
 */
export function splitAccessUnits(stream: Buffer): AccessUnit[] {
  const units: AccessUnit[] = []
  let nals: Buffer[] = []
  let hasPicture = false
  for (const nal of splitNals(stream)) {
    if (hasPicture && startsPicture(nal)) {
      units.push(accessUnit(nals))
      nals = []
      hasPicture = false
    }
    nals.push(nal)
    hasPicture ||= isSlice(nal)
  }
  if (hasPicture) units.push(accessUnit(nals))
  return units
}

const START_CODE = Buffer.from([0, 0, 1])

function trimZeros(nal: Buffer): Buffer {
  let end = nal.length
  while (end > 0 && nal[end - 1] === 0) end--
  return nal.subarray(0, end)
}

function startsPicture(nal: Buffer): boolean {
  // The Exp-Golomb code of 0 is a single 1 bit.
  if (isSlice(nal)) return (nal.readUInt8(1) & 0x80) !== 0
  return nalType(nal) >= NAL.sei && nalType(nal) <= NAL.delimiter
}

function accessUnit(nals: Buffer[]): AccessUnit {
  return { nals, keyframe: nals.some((nal) => nalType(nal) === NAL.idr) }
}
