import { changeEvents } from '../resources/mountService.ts'
import type { ManifestResource } from './manifestShape.ts'

/** Every event that tells of a resource, by the name that a socket hears. */
export function eventNames({ path, singular, events }: ManifestResource): string[] {
  const changes = changeEvents.map((change) => `${path} ${change}`)
  return [...new Set([...changes, `${singular}-changed`, ...events.map(({ name }) => name)])]
}
