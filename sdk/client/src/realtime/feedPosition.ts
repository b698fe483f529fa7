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
  readonly newer: [seq: number, tell: () => void][]
  /** The numbers of before say nothing any more: the feed is another one, or not kept so long. */
  startsOver?: boolean
}

export function feedPosition(): FeedPosition {
  /** The last change that was told; -1 before the first connection. */
  let last = -1
  let epoch = ''
  let catchingUp: CatchingUp | undefined

  const position: FeedPosition = {
    isKnown: () => last >= 0,
    greet(standing) {
      catchingUp = undefined
      if (last < 0) {
        last = standing.seq
        epoch = standing.epoch
        return undefined
      }
      catchingUp = { upTo: standing.seq, newer: [] }
      return { since: last, epoch }
    },
    change(seq, tell) {
      if (catchingUp && seq > catchingUp.upTo) {
        catchingUp.newer.push([seq, tell])
      } else if (seq > last) {
        last = seq
        tell()
      }
    },
    resumed(standing) {
      const past = catchingUp
      catchingUp = undefined
      epoch = standing.epoch
      if (past?.startsOver) last = past.upTo
      past?.newer.sort(([one], [other]) => one - other).forEach(([seq, tell]) => position.change(seq, tell))
      last = Math.max(last, standing.seq)
    },
    // The epoch stays what it was: of the others that came with this one, some may be lost with the connection.
    reset({ seq, all }) {
      if (!catchingUp) last = Math.max(last, seq)
      else if (all) catchingUp.startsOver = true
    },
    forget() {
      last = -1
    }
  }
  return position
}
