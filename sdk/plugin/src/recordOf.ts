import { Type, type TUnsafe } from 'typebox'
import type { RecordOf, Resource } from './defineResource.ts'

/**
 * The schema of a record of a resource as it is listed, where something else shows one. In the documents and the client
 * it is that record, with what other plugins add to it.
 *
 * @example
 * detail: { camera: Type.Optional(recordOf(cameras)) }
 */
export function recordOf<R extends Resource>({ path }: R): TUnsafe<RecordOf<R>> {
  return Type.Unsafe<RecordOf<R>>({ type: 'object', 'x-record': path } as object)
}
