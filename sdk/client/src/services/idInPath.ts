import { SignalboxError } from '../SignalboxError.ts'

/** Where a record is below its resource. An empty id would mean all of them, and dots another place. */
export function idInPath(id: string | undefined): string {
  if (!/^\.{0,2}$/.test(id ?? '')) return `/${encodeURIComponent(String(id))}`
  throw new SignalboxError('invalid', 'id: must be the id of a record')
}
