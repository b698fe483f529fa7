import { invalidField, isPlatformError, PlatformError } from '@signalbox/plugin'

interface DatabaseFault {
  readonly code?: string
  readonly detail?: string
  readonly column?: string
  readonly table?: string
  readonly message?: string
}

/** What `pg` says without a code when a connection is gone; knex puts the statement before it. */
const connectionLost =
  /(^| - )(timeout exceeded when trying to connect|Connection terminated|Client has encountered a connection error)| - (read|write) E[A-Z]+$/
const connectionFaults = new Set(['CONNECTION_FAULT', '53300'])

/**
 * Turns what Postgres says into an error that a caller may see: the field at fault by name, no SQL, no values of
 * other records. What is not a database error passes through.
 */
export function mapDatabaseError(error: unknown): unknown {
  if (isPlatformError(error)) return error
  const { code, detail, column, message } = (error ?? {}) as DatabaseFault
  if (connectionLost.test(message ?? '')) return unavailable(error)
  if (typeof code !== 'string') return error
  if (connectionFaults.has(code) || code.startsWith('57P') || code.startsWith('08')) return unavailable(error)
  if (code === '57014')
    return new PlatformError('unavailable', 'The database took too long to answer.', { cause: error })
  if (code === '53100')
    return new PlatformError('unavailable', 'The disk of the database is full.', { cause: error })
  if (code === '23505') return duplicate(detail, error)
  if (code === '23503') return foreignKey(detail, error)
  if (code === '23502') return invalidField(toField(column ?? 'record'), 'is required')
  if (code === '40001' || code === '40P01') {
    return new PlatformError('conflict', 'Somebody else changed the same data at the same time; try again.', {
      cause: error
    })
  }
  if (code.startsWith('22') || code === '23514') {
    return new PlatformError('invalid', 'A value does not fit its field.', { cause: error })
  }
  return error
}

function unavailable(cause: unknown): PlatformError {
  return new PlatformError('unavailable', 'The database does not answer at the moment.', { cause })
}

/** `Key (lower(email))=(a@b.c) already exists.` names the columns; the value stays out of the answer. */
function columnsIn(detail: string | undefined): string[] {
  const key = /^Key \((.+)\)=\(/.exec(detail ?? '')?.[1] ?? ''
  return [...key.replace(/::\w+/g, '').matchAll(/(?:\w+\()?"?(\w+)"?\)?/g)].map((match) =>
    toField(match[1] ?? '')
  )
}

function duplicate(detail: string | undefined, cause: unknown): PlatformError {
  const fields = columnsIn(detail)
  const named = fields.length ? fields.join(' and ') : 'id'
  return new PlatformError('conflict', `${named}: is taken by another record`, {
    errors: fields.map((field) => ({ field, message: 'is taken by another record' })),
    cause
  })
}

function foreignKey(detail: string | undefined, cause: unknown): PlatformError {
  if (detail?.includes('is still referenced')) {
    const table = /from table "(\w+)"/
      .exec(detail)?.[1]
      ?.replace(/^[a-z]+_/, '')
      .replaceAll('_', ' ')
    return new PlatformError('conflict', `This record is still in use by ${table ?? 'another record'}.`, {
      cause
    })
  }
  const field = columnsIn(detail)[0] ?? 'record'
  return new PlatformError('invalid', `${field}: no such record`, {
    errors: [{ field, message: 'no such record' }],
    cause
  })
}

function toField(column: string): string {
  return column.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())
}
