/** A committed change, numbered. */
export interface Change {
  /** Gap-free, from 1, in the order of the feed. */
  readonly seq: number
  readonly resource: string
  readonly recordId: string
  readonly action: 'created' | 'updated' | 'patched' | 'removed'
  readonly actor: string
  readonly at: string
  readonly requestId: string | null
  /** Where the record stood: `own/<user id>`. Null where it did not exist. */
  readonly scopesBefore: readonly string[] | null
  readonly scopesAfter: readonly string[] | null
  /** The record after the change (before it, for `removed`), in wire form, without secrets. */
  readonly record: Readonly<Record<string, unknown>>
}

export interface ChangeRow {
  readonly seq: number
  readonly resource: string
  readonly record_id: string
  readonly action: Change['action']
  readonly actor: string
  readonly at: Date
  readonly request_id: string | null
  readonly scopes_before: readonly string[] | null
  readonly scopes_after: readonly string[] | null
  readonly record: Readonly<Record<string, unknown>>
}

export function toChange(row: ChangeRow): Change {
  return {
    seq: row.seq,
    resource: row.resource,
    recordId: row.record_id,
    action: row.action,
    actor: row.actor,
    at: row.at.toISOString(),
    requestId: row.request_id,
    scopesBefore: row.scopes_before,
    scopesAfter: row.scopes_after,
    record: row.record
  }
}
