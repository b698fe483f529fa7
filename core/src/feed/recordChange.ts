import type { Knex } from 'knex'
import { currentRequest } from '../logging/requestContext.ts'
import type { Change } from './Change.ts'

/** Writes the change of something that is not a resource's table, in the caller's unit of work. */
export async function recordChange(
  db: Knex,
  change: Pick<Change, 'resource' | 'recordId' | 'action' | 'record'>
): Promise<void> {
  const { caller, requestId } = currentRequest()
  await db('core_changes').insert({
    resource: change.resource,
    record_id: change.recordId,
    action: change.action,
    actor: caller.actor,
    request_id: requestId ?? null,
    scopes_after: [],
    record: JSON.stringify(change.record)
  })
}
