/** What can be wrong with a database, a migration or a backup; compare errors by these codes. */
export type DataErrorCode =
  | 'BACKUP_INVALID'
  | 'DATA_DIRECTORY_FOREIGN'
  | 'DATA_DIRECTORY_LOCKED'
  | 'DATA_DIRECTORY_MAJOR'
  | 'DATA_DIRECTORY_NOT_DURABLE'
  | 'DATA_DIRECTORY_UNREADABLE'
  | 'DATABASE_TOO_OLD'
  | 'DATABASE_UNREACHABLE'
  | 'DATABASE_URL_INVALID'
  | 'MIGRATION_FAILED'
  | 'RESTORE_TARGET_NOT_EMPTY'

/** An error of the database layer: a code to compare and a sentence that names the culprit and the way out. */
export interface DataError extends Error {
  readonly code: DataErrorCode
}

/** Makes a {@link DataError}; `cause` is left out where it could carry a password. */
export function dataError(code: DataErrorCode, message: string, cause?: unknown): DataError {
  return Object.assign(new Error(message, cause === undefined ? {} : { cause }), { code })
}

/** The `code` of a system, Postgres or data error, if it has one. */
export function errorCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined
  return typeof error.code === 'string' ? error.code : undefined
}

/** A line about an error for a log or another error; Node's grouped connection errors have only a code. */
export function errorText(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)) || errorCode(error) || 'unknown error'
}
