import type { Caller, Origin } from '@signalbox/plugin'
import { RateLimit } from './RateLimit.ts'
import { tooMany } from './tooMany.ts'

export interface RequestLimits {
  readonly requestsPerSecond: number
  readonly burst: number
}

/** Counts what each caller asks, over all doors together: each user, each key, and each address without either. */
export class RequestLimiter {
  readonly #limit: RateLimit

  constructor({ requestsPerSecond, burst }: RequestLimits) {
    this.#limit = new RateLimit({ perSecond: requestsPerSecond, burst })
  }

  /** Counts one request; past the limit it is a 429 that says how long to wait. */
  count(caller: Caller, origin: Origin | undefined): void {
    const wait = this.#limit.take(nameOf(caller, origin))
    if (wait) throw tooMany('requests', wait)
  }
}

function nameOf({ keyId, userId }: Caller, origin: Origin | undefined): string {
  if (keyId !== undefined) return `key ${keyId}`
  return userId === undefined ? `address ${origin?.address ?? 'local'}` : `user ${userId}`
}
