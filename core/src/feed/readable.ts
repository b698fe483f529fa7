import { positionOf, reaches, type Reach } from '../access/Reach.ts'
import type { Change } from './Change.ts'

/** A change as one with this reach may read it: for who lost the record by it, it was removed; undefined where nothing may be told. */
export function readable(change: Change, reach: Reach, userId: string | undefined): Change | undefined {
  const { scopesBefore, scopesAfter } = change
  const within = (scopes: readonly string[]): boolean => reaches(reach, positionOf(scopes), userId)
  if (within(scopesAfter ?? scopesBefore ?? [])) return change
  return scopesBefore && within(scopesBefore)
    ? { ...change, action: 'removed', record: { id: change.recordId } }
    : undefined
}
