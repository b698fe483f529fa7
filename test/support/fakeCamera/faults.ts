/** What is wrong with a camera just now. One object for each camera, read by all of its parts. */
export interface Faults {
  /** No stream sends anything; requests are still answered. */
  frozen: boolean
  /** A new connection is accepted and never answered. */
  silent: boolean
  /** The status that every new request for a stream gets. */
  status: number | undefined
  /** The share of RTP packets that UDP loses, 0 to 1. */
  loss: number
  /** How far the clock of the streams is off, in seconds. */
  jump: number
}

/** A camera in good health. */
export function noFaults(): Faults {
  return { frozen: false, silent: false, status: undefined, loss: 0, jump: 0 }
}
