import { SignalboxError, type ErrorCode, type FieldError } from '../SignalboxError.ts'

const codes: Readonly<Record<number, ErrorCode>> = {
  401: 'unauthorized',
  403: 'forbidden',
  404: 'notFound',
  405: 'methodNotAllowed',
  409: 'conflict',
  413: 'tooLarge',
  415: 'unsupportedMediaType',
  422: 'refused',
  423: 'locked',
  429: 'tooManyRequests',
  500: 'internal'
}

/** An error as the platform sends it, over HTTP or to a socket. */
interface WireError {
  readonly message?: string
  readonly data?: Readonly<Record<string, unknown>>
  readonly errors?: readonly FieldError[]
}

/** The error behind an answer with this status. What a proxy says of a platform that is away is `unavailable` too. */
export function errorOf(status: number, { message, data, errors }: WireError): SignalboxError {
  const code = codes[status] ?? (status < 500 ? 'invalid' : 'unavailable')
  return new SignalboxError(code, message ?? `The answer was ${status}.`, { status, data, errors })
}
