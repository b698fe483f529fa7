/**
 * The one table of errors. A kind fixes the HTTP status and the Feathers name and class that a stock Feathers
 * client revives; what happened and the way out are the sentence of the error itself.
 */
export const errorKinds = {
  invalid: { status: 400, name: 'BadRequest', className: 'bad-request' },
  unauthorized: { status: 401, name: 'NotAuthenticated', className: 'not-authenticated' },
  forbidden: { status: 403, name: 'Forbidden', className: 'forbidden' },
  notFound: { status: 404, name: 'NotFound', className: 'not-found' },
  methodNotAllowed: { status: 405, name: 'MethodNotAllowed', className: 'method-not-allowed' },
  conflict: { status: 409, name: 'Conflict', className: 'conflict' },
  tooLarge: { status: 413, name: 'PayloadTooLarge', className: 'payload-too-large' },
  unsupportedMediaType: { status: 415, name: 'UnsupportedMediaType', className: 'unsupported-media-type' },
  refused: { status: 422, name: 'Unprocessable', className: 'unprocessable' },
  locked: { status: 423, name: 'Locked', className: 'locked' },
  tooManyRequests: { status: 429, name: 'TooManyRequests', className: 'too-many-requests' },
  internal: { status: 500, name: 'GeneralError', className: 'general-error' },
  unavailable: { status: 503, name: 'Unavailable', className: 'unavailable' }
} as const

export type ErrorKind = keyof typeof errorKinds

/** One fault of one field. `field` is a dotted path into the body or the query. */
export interface FieldError {
  readonly field: string
  readonly message: string
}

export interface PlatformErrorOptions {
  /** Facts a program can act on. Never a secret: it is sent to the caller. */
  readonly data?: Readonly<Record<string, unknown>>
  readonly errors?: readonly FieldError[]
  readonly cause?: unknown
}

/** An error that a caller may see, on every door. Compare by `kind` (or `code`), never by `instanceof`. */
export class PlatformError extends Error {
  readonly $type = 'signalbox/error@1'
  readonly kind: ErrorKind
  /** The HTTP status. */
  readonly code: number
  readonly className: string
  readonly data: Readonly<Record<string, unknown>> | undefined
  readonly errors: readonly FieldError[] | undefined

  constructor(kind: ErrorKind, message: string, options: PlatformErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    const { name, status, className } = errorKinds[kind]
    this.name = name
    this.kind = kind
    this.code = status
    this.className = className
    this.data = options.data
    this.errors = options.errors
  }
}

/** Whether a thrown value is a platform error of this kind, whichever copy of this package made it. */
export function isPlatformError(error: unknown, kind?: ErrorKind): error is PlatformError {
  const candidate = error as Partial<PlatformError> | undefined
  return (
    candidate?.$type === 'signalbox/error@1' &&
    (kind === undefined || errorKinds[kind].status === candidate.code)
  )
}

/** A 400 that names the field at fault. */
export function invalidField(field: string, message: string): PlatformError {
  return new PlatformError('invalid', `${field}: ${message}`, { errors: [{ field, message }] })
}
