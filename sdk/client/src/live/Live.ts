import type { SignalboxError } from '../SignalboxError.ts'

/** A list of records that stays right through edits, moves, losses of rights and reconnects. */
export interface Live<R> {
  /**
   * As of now, in order; a new array after each change, the same one until then. Empty before `ready`, and where they
   * may not be read any more.
   */
  readonly records: readonly R[]
  /** Whether it is in step with the platform: false before the first answer, and while the connection is away. */
  readonly current: boolean
  /** The last failure to read; undefined once it was read. */
  readonly error: SignalboxError | undefined
  /**
   * Resolves with the first records; rejects where they may not be read, or could not be in the time of a call. The
   * list goes on trying then, as soon as it may succeed.
   */
  readonly ready: Promise<readonly R[]>
  /** Hears that something of the above is new; returns the way to stop. */
  subscribe(listener: () => void): () => void
  /** The records after each change, the present ones first; throws where `ready` rejects. */
  [Symbol.asyncIterator](): AsyncIterableIterator<readonly R[]>
  close(): void
}
