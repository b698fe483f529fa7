import type { TProperties } from 'typebox'
import type { Resource } from './defineResource.ts'
import type { DefaultGrants } from './defineResource.ts'
import type { MethodSpecs } from './MethodSpec.ts'

/** What one plugin adds to another's resource. */
export interface Augmentation<M extends MethodSpecs = any> {
  readonly $type: 'signalbox/augmentation@1'
  /** The resource, as the owner's package exports it. */
  readonly resource: Resource
  /** Fields, flat on the wire beside the owner's. Every one must be optional: records exist without them. */
  readonly fields?: TProperties
  /** The side table that holds them: `id` references the owner's record; one snake_case column for each field. */
  readonly table?: string
  readonly methods?: M
  readonly grants?: DefaultGrants
}

/**
 * Declares fields and methods on another plugin's resource. They live in a side table of the augmenting
 * plugin and are written in the same unit of work; each name may be claimed once.
 */
export function augmentResource<const M extends MethodSpecs = {}>(
  spec: Omit<Augmentation<M>, '$type'>
): Augmentation<M> {
  return { $type: 'signalbox/augmentation@1', ...spec }
}
