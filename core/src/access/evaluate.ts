import type { Position, Reach } from './Reach.ts'

/** A permission held, or denied, in a scope. */
export interface Grant {
  /** A key (`cameras:read`), all of a resource (`cameras:*`) or everything (`*`). */
  readonly permission: string
  readonly effect: 'grant' | 'deny'
  readonly scope: Scope
  /** What gave it, for the explanation: `role operator`, `grant 0192…`, `everyone`. */
  readonly source: string
  /** Milliseconds since 1970 from which, and until which, it holds. */
  readonly from?: number
  readonly until?: number
  /** Grows when a node comes to stand below the grant's node, or leaves it. */
  readonly extent?: number
}

/** `any` record, only the caller's `own`, or the id of a node: those of the node and of all below it. */
export type Scope = 'any' | 'own' | (string & {})

/** Where a permission holds, and which grant decided it. `nodes` says that `reach` has the answer. */
export interface Decision {
  readonly scope: 'any' | 'own' | 'nodes' | undefined
  readonly by: Grant | undefined
  readonly reach?: Reach
}

/**
 * Decides one permission. A deny of everything beats every grant, one in a node beats every grant there and below,
 * and one of one's own records beats the grants of those. Of the grants that are left the widest wins.
 */
export function evaluate(grants: readonly Grant[], permission: string): Decision {
  const { find, nodesOf } = matching(grants, permission)
  const denied = find('deny', 'any')
  if (denied) return { scope: undefined, by: denied }
  const any = find('grant', 'any')
  const deniedOwn = find('deny', 'own')
  const own = deniedOwn ? undefined : find('grant', 'own')
  const reach: Reach = {
    everywhere: any !== undefined,
    own: own !== undefined,
    nodes: any ? [] : nodesOf('grant'),
    denied: nodesOf('deny')
  }
  const held = any ?? own ?? find('grant', reach.nodes[0])
  if (held && (reach.nodes.length || reach.denied.length)) return { scope: 'nodes', by: held, reach }
  if (any) return { scope: 'any', by: any }
  return own ? { scope: 'own', by: own } : { scope: undefined, by: deniedOwn }
}

/** Decides one permission for one record, and names the grant or the deny that did. */
export function evaluateAt(
  grants: readonly Grant[],
  permission: string,
  { owner, path }: Position,
  userId: string | undefined
): { readonly allowed: boolean; readonly by: Grant | undefined } {
  const { find } = matching(grants, permission)
  const upwards = path.toReversed()
  const inNode = (effect: Grant['effect']): Grant | undefined =>
    upwards.map((node) => find(effect, node)).find((grant) => grant !== undefined)
  const denied = find('deny', 'any') ?? inNode('deny')
  if (denied) return { allowed: false, by: denied }
  const granted = find('grant', 'any') ?? inNode('grant')
  if (granted) return { allowed: true, by: granted }
  const own = owner !== undefined && owner === userId ? find('grant', 'own') : undefined
  const deniedOwn = own && find('deny', 'own')
  return { allowed: own !== undefined && !deniedOwn, by: deniedOwn ?? own }
}

/** A decision as the records it reaches. */
export function reachOf({ scope, reach }: Decision): Reach {
  return reach ?? { everywhere: scope === 'any', own: scope === 'own', nodes: [], denied: [] }
}

export function holdsAt({ from = -Infinity, until = Infinity }: Grant, instant: number): boolean {
  return from <= instant && instant < until
}

function matching(grants: readonly Grant[], permission: string) {
  const found = grants.filter((grant) => covers(grant.permission, permission))
  return {
    find: (effect: Grant['effect'], scope: Scope | undefined): Grant | undefined =>
      found.find((grant) => grant.effect === effect && grant.scope === scope),
    nodesOf: (effect: Grant['effect']): string[] => {
      const scopes = found.filter((grant) => grant.effect === effect).map(({ scope }) => scope)
      return [...new Set(scopes)].filter((scope) => scope !== 'any' && scope !== 'own').toSorted()
    }
  }
}

function covers(held: string, asked: string): boolean {
  if (held === '*' || held === asked) return true
  return held.endsWith(':*') && asked.startsWith(held.slice(0, -1))
}
