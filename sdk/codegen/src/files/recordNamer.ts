import type { ClientPlan } from '../plan/ClientPlan.ts'
import type { NameOf } from '../types/typeDoc.ts'

/** Names the records of all resources, and keeps which of them were asked for. */
export interface RecordNamer {
  readonly nameOf: NameOf
  /** The names that were asked for, by the file in which they are. */
  readonly used: ReadonlyMap<string, ReadonlySet<string>>
}

export function recordNamer({ parts }: ClientPlan): RecordNamer {
  const places = new Map(
    parts.flatMap(({ plugin, services }) =>
      services.flatMap(({ path, resource }) =>
        resource ? [[path, { file: plugin.short, name: resource.record }] as const] : []
      )
    )
  )
  const used = new Map<string, Set<string>>()
  const nameOf = (path: string): string | undefined => {
    const place = places.get(path)
    if (!place) return undefined
    const names = used.get(place.file) ?? new Set()
    used.set(place.file, names.add(place.name))
    return place.name
  }
  return { nameOf, used }
}
