import { SignalboxError } from './SignalboxError.ts'

/** What was asked of something that is closed. */
export function closedError(what: string): SignalboxError {
  return new SignalboxError('unreachable', `The ${what} was closed.`)
}
