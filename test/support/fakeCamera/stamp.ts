/** Identifies our own SEI message; it has no zero bytes, so emulation prevention never touches it. */
const STAMP_UUID = Buffer.from('5167a1b07e57464cb0a1ca3e7ab1e5ed', 'hex')
const DIGITS = 13
const SEI_NAL = 6
const USER_DATA_UNREGISTERED = 5
const RBSP_STOP_BIT = 0x80

/** A NAL unit (SEI, user data unregistered) that says when its picture was taken, in ms since 1970. */
export function stampNal(ms: number): Buffer {
  // Thirteen decimal digits last until 2286, and ASCII needs no emulation prevention.
  const digits = Buffer.from(String(Math.round(ms)).padStart(DIGITS, '0'), 'latin1')
  const head = Buffer.from([SEI_NAL, USER_DATA_UNREGISTERED, STAMP_UUID.length + DIGITS])
  return Buffer.concat([head, STAMP_UUID, digits, Buffer.from([RBSP_STOP_BIT])])
}

/** The stamps in an Annex B stream, in the order of its pictures, in ms since 1970. */
export function findStamps(stream: Buffer): number[] {
  const stamps: number[] = []
  let found = stream.indexOf(STAMP_UUID)
  while (found >= 0) {
    const digits = found + STAMP_UUID.length
    stamps.push(Number(stream.toString('latin1', digits, digits + DIGITS)))
    found = stream.indexOf(STAMP_UUID, digits)
  }
  return stamps
}
