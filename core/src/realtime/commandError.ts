import type { ErrorKind, PlatformError } from '@signalbox/plugin'

/** The fixed words with which a socket command fails. */
const words: Readonly<Record<ErrorKind, string>> = {
  invalid: 'Invalid parameters',
  unauthorized: 'Unauthorized',
  forbidden: 'Forbidden',
  notFound: 'Not found',
  methodNotAllowed: 'Invalid parameters',
  conflict: 'Conflict',
  tooLarge: 'Invalid parameters',
  unsupportedMediaType: 'Invalid parameters',
  refused: 'Conflict',
  locked: 'Locked',
  tooManyRequests: 'Too many requests',
  internal: 'Internal error',
  unavailable: 'Internal error'
}

/** The event `error` that answers a failed command. */
export interface CommandError {
  readonly error: string
  readonly event: string
  readonly code: number
  readonly message: string
}

export function commandError(event: string, { kind, code, message }: PlatformError): CommandError {
  return { error: words[kind], event, code, message }
}
