/**
 * Who asks: a signed-in user, a caller of open mode (a role without a user), nobody, or the platform itself
 * (`system`, which no rule refuses).
 */
export interface Caller {
  readonly kind: 'user' | 'open' | 'anonymous' | 'system'
  /** What the change feed records as the actor: the user's id, `open`, `anonymous` or `system`. */
  readonly actor: string
  readonly userId?: string
  readonly sessionId?: string
  /** The API key with which a program calls in the user's name; it has no session. */
  readonly keyId?: string
  /** The permissions to which a key narrows what its user may do. */
  readonly narrowedTo?: readonly string[]
  readonly roles: readonly string[]
}

export const systemCaller: Caller = { kind: 'system', actor: 'system', roles: [] }
export const anonymousCaller: Caller = { kind: 'anonymous', actor: 'anonymous', roles: [] }
