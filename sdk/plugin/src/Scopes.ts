/** A node of the tree that grants hold in: a site, a department. */
export interface ScopeNode {
  /** 1–64 of `A–Z a–z 0–9 _ -`. */
  readonly id: string
  /** The node it stands below; none for one at the top. */
  readonly parentId?: string | null
  /** What it is, in the words of the plugin that keeps it: `site`, `department`. */
  readonly kind: string
}

/**
 * The tree of scopes. A grant in a node holds in the node and in everything below it; a deny likewise. Make a node
 * before the records that stand in it.
 */
export interface Scopes {
  /** Makes the node, or changes the one of this id. */
  put(node: ScopeNode): Promise<void>
  /** Moves a node with all that is below it; a 409 where that would make a ring. */
  move(id: string, parentId: string | null): Promise<void>
  /** Removes a node; a 409 while others stand below it or a grant names it. */
  remove(id: string): Promise<void>
}
