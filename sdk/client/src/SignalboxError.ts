/** What went wrong: the platform's own kinds, and what can happen on the way to it. */
export type ErrorCode =
  | 'invalid'
  | 'unauthorized'
  | 'forbidden'
  | 'notFound'
  | 'methodNotAllowed'
  | 'conflict'
  | 'tooLarge'
  | 'unsupportedMediaType'
  | 'refused'
  | 'locked'
  | 'tooManyRequests'
  | 'internal'
  | 'unavailable'
  /** No answer came: the platform could not be reached, or the connection broke. */
  | 'unreachable'
  /** No answer came in time. */
  | 'timeout'

/** One fault of one field. `field` is a dotted path into the body or the query. */
export interface FieldError {
  readonly field: string
  readonly message: string
}

export interface SignalboxErrorOptions {
  /** The HTTP status; 0 where no answer came. */
  readonly status?: number
  readonly data?: Readonly<Record<string, unknown>> | undefined
  readonly errors?: readonly FieldError[] | undefined
  readonly cause?: unknown
}

/** Why a call failed. Compare by `code`, never by `instanceof`. */
export class SignalboxError extends Error {
  readonly $type = 'signalbox/client-error@1'
  declare readonly code: ErrorCode
  declare readonly status: number
  /** Facts that a program can act on. */
  declare readonly data: Readonly<Record<string, unknown>>
  /** The fields at fault. */
  declare readonly errors: readonly FieldError[]

  constructor(code: ErrorCode, message: string, options: SignalboxErrorOptions = {}) {
    super(message, options)
    const { status = 0, data = {}, errors = [] } = options
    Object.assign(this, { name: 'SignalboxError', code, status, data, errors })
  }
}

/** Whether a thrown value is an error of the client, of this code where one is given. */
export function isSignalboxError(error: unknown, code?: ErrorCode): error is SignalboxError {
  const candidate = error as Partial<SignalboxError> | undefined
  return candidate?.$type === 'signalbox/client-error@1' && (code === undefined || candidate.code === code)
}
