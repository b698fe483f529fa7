import {
  errorKinds,
  isPlatformError,
  PlatformError,
  type ErrorKind,
  type FieldError
} from '@signalbox/plugin'
import { mapDatabaseError } from '../data/mapDatabaseError.ts'

/** An error as every door sends it: Feathers' error JSON. */
export interface WireError {
  readonly name: string
  readonly message: string
  readonly code: number
  readonly className: string
  readonly data?: Readonly<Record<string, unknown>>
  readonly errors?: readonly FieldError[]
}

const kindsByStatus = new Map(
  Object.entries(errorKinds).map(([kind, { status }]) => [status as number, kind as ErrorKind])
)

/**
 * The platform error behind any thrown value. A Feathers error keeps its status, whichever copy of the class
 * made it; everything else is an internal error whose message stays on the server.
 */
export function toPlatformError(thrown: unknown, requestId?: string): PlatformError {
  // Who asks and what they may do is looked up before any unit of work that would have done this.
  const error = mapDatabaseError(thrown)
  if (isPlatformError(error)) return error
  const { code, message, type } = (error ?? {}) as { code?: unknown; message?: unknown; type?: unknown }
  const kind = type === 'FeathersError' && typeof code === 'number' ? kindsByStatus.get(code) : undefined
  if (kind && kind !== 'internal') return new PlatformError(kind, String(message), { cause: error })
  const reference = requestId ? ` Its request id is ${requestId}.` : ''
  return new PlatformError('internal', `Something went wrong on the server.${reference}`, { cause: error })
}

/** Encodes an error for the wire: no stack, no SQL, no cause. */
export function encodeError(error: PlatformError): WireError {
  const { name, message, code, className, data, errors } = error
  return { name, message, code, className, ...(data && { data }), ...(errors && { errors }) }
}
