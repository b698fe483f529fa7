import type { TSchema } from 'typebox'
import type { MethodSpecs } from './MethodSpec.ts'
import type { DefaultGrants } from './defineResource.ts'

/**
 * A service without records: a handful of methods under one path (`auth`, `status`). The names `find` and
 * `patch` are Feathers' own and are called as `find(query)` and `patch(null, data)`; others take `(data)`.
 */
export interface Service<M extends MethodSpecs = any, E extends Readonly<Record<string, TSchema>> = any> {
  readonly $type: 'signalbox/service@1'
  readonly path: string
  readonly description: string
  readonly methods: M
  readonly events?: E
  readonly grants?: DefaultGrants
}

/** Declares a service without records. */
export function defineService<
  const M extends MethodSpecs,
  const E extends Readonly<Record<string, TSchema>> = {}
>(spec: Omit<Service<M, E>, '$type'>): Service<M, E> {
  return { $type: 'signalbox/service@1', ...spec }
}
