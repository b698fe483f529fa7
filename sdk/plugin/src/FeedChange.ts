/** A committed change, as a consumer reads it. */
export interface FeedChange {
  /** Gap-free, in the order of the feed. */
  readonly seq: number
  readonly resource: string
  readonly recordId: string
  readonly action: 'created' | 'updated' | 'patched' | 'removed'
  /** A user's id, `open`, `anonymous` or `system`. */
  readonly actor: string
  /** ISO 8601, UTC. */
  readonly at: string
  readonly requestId: string | null
  /** The record after the change (before it, for `removed`), in wire form, without secrets. */
  readonly record: Readonly<Record<string, unknown>>
}
