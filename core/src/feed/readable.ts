import type { Caller } from '@signalbox/plugin'
import type { Access } from '../access/Access.ts'
import type { Change } from './Change.ts'

/** A change as a caller may read it: for who lost the record by it, it was removed; undefined where nothing may be told. */
export async function readable(change: Change, caller: Caller, access: Access): Promise<Change | undefined> {
  const { scope } = await access.decide(caller, `${change.resource}:read`)
  if (scope === 'any') return change
  if (scope === undefined) return undefined
  const own = `own/${caller.userId}`
  if ((change.scopesAfter ?? change.scopesBefore)?.includes(own)) return change
  return change.scopesBefore?.includes(own)
    ? { ...change, action: 'removed', record: { id: change.recordId } }
    : undefined
}
