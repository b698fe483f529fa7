import type { Change } from '../feed/Change.ts'
import type { Model } from '../resources/Model.ts'

/** One event for a socket. */
export interface Announcement {
  readonly event: string
  readonly payload: unknown
}

/** The bare tick: that something happened, and to which record. */
export function tickOf(model: Model, { recordId }: Change): Announcement {
  return { event: eventOf(model), payload: keyOf(model, recordId) }
}

/** What those hear who may read the record. */
export function wholeOf(model: Model, change: Change): Announcement[] {
  const { seq, action, at, record, recordId } = change
  const payload = { ...keyOf(model, recordId), action, seq, at, version: record['version'], record }
  const changed = { event: eventOf(model), payload }
  return model.kind === 'resource'
    ? [changed, { event: `${model.path} ${action}`, payload: record }]
    : [changed]
}

/** What those hear for whom the record is gone. */
export function lossOf(model: Model, { seq, at, recordId, record }: Change): Announcement[] {
  const payload = { ...keyOf(model, recordId), action: 'removed', seq, at }
  const changed = { event: eventOf(model), payload }
  return model.kind === 'resource'
    ? [changed, { event: `${model.path} removed`, payload: { id: record['id'] } }]
    : [changed]
}

/** Whether only those hear of its changes who may read it. */
export function isScoped(model: Model): boolean {
  return model.kind === 'resource' && Boolean(model.resource.scoped)
}

function eventOf(model: Model): string {
  return `${model.kind === 'resource' ? model.resource.singular : model.path}-changed`
}

function keyOf(model: Model, id: string): object {
  return model.kind === 'resource' ? { id } : { key: id }
}
