import { PlatformError } from '@signalbox/plugin'

/** The 429 that says how long to wait. */
export function tooMany(what: string, waitMs: number): PlatformError {
  const seconds = Math.ceil(waitMs / 1000)
  return new PlatformError('tooManyRequests', `Too many ${what}. Try again in ${seconds} seconds.`, {
    data: { retryAfter: seconds }
  })
}
