/** Structured logging in pino's order of arguments. Secrets that the configuration declares are redacted. */
export interface Logger {
  debug(details: object, message: string): void
  info(details: object, message: string): void
  warn(details: object, message: string): void
  error(details: object, message: string): void
}
