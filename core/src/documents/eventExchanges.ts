import { changeEvents } from '../resources/changeEvents.ts'
import type { Exchange } from './Exchange.ts'
import type { JsonSchema } from './JsonSchema.ts'
import type { ManifestCommand, ManifestResource, ManifestService } from './manifestShape.ts'
import { resourceSchemaNames, schemaRef } from './schemaNames.ts'

/** Every event that tells of a resource. */
export function resourceEvents(resource: ManifestResource, commands: readonly ManifestCommand[]): Exchange[] {
  return [...changeEventsOf(resource), ...namedEvents(resource, commands)]
}

/** What follows on each committed change: its Feathers event, and `<singular>-changed`. */
function changeEventsOf({ path, singular, scoped, events }: ManifestResource): Exchange[] {
  const { record } = resourceSchemaNames(singular)
  const feathers = changeEvents.map((change) => ({
    ...sent(path, `${path} ${change}`, change === 'removed' ? removed(record) : schemaRef(record)),
    summary: `A ${singular} was ${change}; only those who may read it hear`
  }))
  const changed = `${singular}-changed`
  if (events.some(({ name }) => name === changed)) return feathers
  const audience = scoped ? 'only those who may read it hear' : 'everybody signed in hears its id'
  return [
    ...feathers,
    { ...sent(path, changed, schemaRef('Changed')), summary: `A ${singular} has changed; ${audience}` }
  ]
}

/** The named events that a resource or service declares, some of which are told in the rooms of commands. */
export function namedEvents(
  { path, events }: ManifestService,
  commands: readonly ManifestCommand[]
): Exchange[] {
  return events.map(({ name, payload }) => {
    const exchange = sent(path, name, payload)
    const opens = commands.find(({ room }) => room?.service === path && room.events.includes(name))
    return opens ? { ...exchange, summary: `${exchange.summary}, in the room of ${opens.name}` } : exchange
  })
}

function sent(path: string, event: string, payload: JsonSchema): Exchange {
  return {
    id: `emit.${path} ${event}`,
    action: 'send',
    address: event,
    summary: `${event} of ${path}`,
    payload
  }
}

/** Who may not read a record any more learns of its removal, and of nothing in it. */
function removed(record: string): JsonSchema {
  return {
    anyOf: [
      schemaRef(record),
      { type: 'object', required: ['id'], properties: { id: { type: 'string' } }, maxProperties: 1 }
    ]
  }
}
