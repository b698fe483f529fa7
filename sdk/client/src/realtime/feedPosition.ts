/** Where a socket stands in the feed: the last change that it was told, and what it may read. */
export interface Standing {
  readonly seq: number
  readonly epoch: string
}

/** Where this client left off. */
export interface LeftOff {
  readonly since: number
  readonly epoch: string
}

export interface Reset extends Standing {
  readonly resource?: string
  readonly all?: true
}

/**
 * Where this client stands in the feed, over all its connections: each change is told once, in order, whatever comes
 * twice or late.
 */
export interface FeedPosition {
  /** Whether nothing that happens from now on can be missed. */
  isKnown(): boolean
  /** A new connection says where it stands. Answers where to resume from; undefined where nothing was told before. */
  greet(standing: Standing): LeftOff | undefined
  /** Tells a change when its turn has come, unless it was told before. */
  change(seq: number, tell: () => void): void
  /** What was missed has come. */
  resumed(standing: Standing): void
  /** Lists are to be read anew. */
  reset(reset: Reset): void
  /** What was told was told to somebody else. */
  forget(): void
}

interface CatchingUp {
  /** Up to here comes nothing but what was missed. */
  readonly upTo: number
  /** What is newer comes live, and again after what was missed: it waits for its turn. */
  readonly newer: Map<number, () => void>
  /** The numbers of before say nothing any more: the feed is another one, or not kept so long. */
  startsOver?: boolean
}

export function feedPosition(): FeedPosition {
  let last: number | undefined
  let epoch = ''
  let catchingUp: CatchingUp | undefined

  const position: FeedPosition = {
    isKnown: () => last !== undefined,
    greet(standing) {
      catchingUp = undefined
      if (last === undefined) {
        last = standing.seq
        epoch = standing.epoch
        return undefined
      }
      catchingUp = { upTo: standing.seq, newer: new Map() }
      return { since: last, epoch }
    },
    change(seq, tell) {
      if (catchingUp && seq > catchingUp.upTo) {
        catchingUp.newer.set(seq, tell)
      } else if (last === undefined || seq > last) {
        last = seq
        tell()
      }
    },
    resumed(standing) {
      const past = catchingUp
      catchingUp = undefined
      epoch = standing.epoch
      if (past?.startsOver) last = past.upTo
      const newer = [...(past?.newer ?? [])].sort(([one], [other]) => one - other)
      for (const [seq, tell] of newer) position.change(seq, tell)
      last = Math.max(last ?? 0, standing.seq)
    },
    // The epoch stays what it was: of the others that came with this one, some may be lost with the connection.
    reset({ seq, all }) {
      if (!catchingUp) last = Math.max(last ?? 0, seq)
      else if (all) catchingUp.startsOver = true
    },
    forget() {
      last = undefined
    }
  }
  return position
}
