/**
 * The records that a permission reaches: all of them, or one's own and those of some nodes of the scope tree; never
 * those of a denied node. A node stands for itself and everything below it.
 */
export interface Reach {
  readonly everywhere: boolean
  readonly own: boolean
  readonly nodes: readonly string[]
  readonly denied: readonly string[]
}

/** Where a record stands: its owner, and the path of its node from the root of the tree down to it. */
export interface Position {
  readonly owner?: string | undefined
  readonly path: readonly string[]
}

export const nowhere: Reach = { everywhere: false, own: false, nodes: [], denied: [] }

export function isNowhere({ everywhere, own, nodes }: Reach): boolean {
  return !everywhere && !own && !nodes.length
}

/** Whether a reach holds a record; `userId` is the caller's own id. */
export function reaches(reach: Reach, { owner, path }: Position, userId: string | undefined): boolean {
  if (path.some((node) => reach.denied.includes(node))) return false
  if (reach.everywhere || path.some((node) => reach.nodes.includes(node))) return true
  return reach.own && owner !== undefined && owner === userId
}

/** A record's position as the feed keeps it: `own/<user id>`, and `node/<id>` for its node and each one above. */
export function positionOf(scopes: readonly string[]): Position {
  return {
    owner: scopes.find((scope) => scope.startsWith('own/'))?.slice(4),
    path: scopes.filter((scope) => scope.startsWith('node/')).map((scope) => scope.slice(5))
  }
}
