import type { CallOptions } from '../ResourceClient.ts'
import type { SignalboxError } from '../SignalboxError.ts'

/**
 * - `idle`: nothing needs it, or it was closed
 * - `connecting`: it is being made, or told what it missed
 * - `connected`: what happens is heard
 * - `waiting`: it could not be made, or broke, and will be tried again
 * - `refused`: nobody is signed in who may connect; `signIn` tries again, and so does the time, once a minute
 */
export type ConnectionState = 'idle' | 'connecting' | 'connected' | 'waiting' | 'refused'

/** What is known may be wrong in a way that no event tells. */
export interface Doubt {
  /** Of this resource; where none is named, of all. */
  readonly resource?: string
  /** Somebody else is signed in: what was known is not theirs to see. */
  readonly isStranger?: true
}

/** The one socket of a client. It is made when something first needs it, and made again whenever it breaks. */
export interface Connection {
  readonly state: ConnectionState
  /** Why it is not `connected`, where it was tried. */
  readonly error: SignalboxError | undefined
  /** Hears each new state; returns the way to stop. */
  onChange(listener: (state: ConnectionState) => void): () => void
  /**
   * Hears that events may have been missed for good, because rights changed, somebody else signed in, or the platform
   * does not remember so far back: what is known is to be read anew. Live lists do so by themselves. Returns the way to
   * stop.
   */
  onReset(listener: (doubt: Doubt) => void): () => void
  /** Makes it now. Resolves when it is made; rejects where it is refused, or not made in time. */
  connect(options?: CallOptions): Promise<void>
  /** Ends it, until something new needs it. */
  close(): void
}
