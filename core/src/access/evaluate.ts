/** A permission held, or denied, in a scope. */
export interface Grant {
  /** A key (`cameras:read`), all of a resource (`cameras:*`) or everything (`*`). */
  readonly permission: string
  readonly effect: 'grant' | 'deny'
  readonly scope: Scope
  /** What gave it, for the explanation: `role operator`, `grant 0192…`, `everyone`. */
  readonly source: string
}

/** `any` record, or only the caller's `own`. */
export type Scope = 'any' | 'own'

/** Where a permission holds, and which grant decided it. */
export interface Decision {
  readonly scope: Scope | undefined
  readonly by: Grant | undefined
}

/**
 * Decides one permission. A deny beats every grant of the same or a narrower scope; of two grants the wider wins.
 */
export function evaluate(grants: readonly Grant[], permission: string): Decision {
  const matching = grants.filter((grant) => covers(grant.permission, permission))
  const find = (effect: Grant['effect'], scope: Scope): Grant | undefined =>
    matching.find((grant) => grant.effect === effect && grant.scope === scope)
  const denied = find('deny', 'any')
  if (denied) return { scope: undefined, by: denied }
  const any = find('grant', 'any')
  if (any) return { scope: 'any', by: any }
  const deniedOwn = find('deny', 'own')
  if (deniedOwn) return { scope: undefined, by: deniedOwn }
  const own = find('grant', 'own')
  return { scope: own && 'own', by: own }
}

function covers(held: string, asked: string): boolean {
  if (held === '*' || held === asked) return true
  return held.endsWith(':*') && asked.startsWith(held.slice(0, -1))
}
