/** How a plugin holds a lease. */
export interface LeaseOptions {
  /** Milliseconds after which a node that died is succeeded. Default 6000. */
  readonly lifeMs?: number
  /**
   * Told whenever it turns out that another node holds it. For work that is better done twice than not at all: it may
   * go on past an aborted signal until it hears this.
   */
  readonly elsewhere?: () => void
}

/** A lease while this node holds it. */
export interface HeldLease {
  /** Aborted before another node may take over: when it was given up, was taken, or cannot be renewed in time. */
  readonly signal: AbortSignal
  /** Grows by one with each owner: what is written with it tells an owner from those before. */
  readonly fence: number
}

/** A node's wish for a lease. */
export interface Lease {
  /** Whether this node holds it now. */
  readonly held: boolean
  /** Gives it up for good; resolves when `run` has ended and another node may take it. */
  release(): Promise<void>
}
