import type { Reach } from './Reach.ts'

/** A caller's access to part of a resource. */
export interface AccessFilter extends Omit<Reach, 'own'> {
  /** The user whose own records it holds. */
  readonly own: string | undefined
}
