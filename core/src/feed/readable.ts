import type { Caller } from '@signalbox/plugin'
import type { Access } from '../access/Access.ts'
import type { Change } from './Change.ts'

/** Whether a caller may read what a change says. */
export async function isReadable(change: Change, caller: Caller, access: Access): Promise<boolean> {
  const { scope } = await access.decide(caller, `${change.resource}:read`)
  if (scope !== 'own') return scope === 'any'
  const own = `own/${caller.userId}`
  return [...(change.scopesBefore ?? []), ...(change.scopesAfter ?? [])].includes(own)
}
