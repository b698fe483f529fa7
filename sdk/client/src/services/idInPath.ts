import { SignalboxError } from '../SignalboxError.ts'

/** The id of a record as a part of a path. An empty one would mean all records, and dots another path. */
export function idInPath(id = ''): string {
  if (!/^\.{0,2}$/.test(id)) return encodeURIComponent(id)
  throw new SignalboxError('invalid', 'id: must be the id of a record')
}
