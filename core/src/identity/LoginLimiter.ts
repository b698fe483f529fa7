import type { Origin } from '@signalbox/plugin'
import { RateLimit } from '../limits/RateLimit.ts'
import { tooMany } from '../limits/tooMany.ts'

/** Log-ins: 10 a minute for each account and address, 100 a minute for each address. */
export class LoginLimiter {
  readonly #account = new RateLimit({ perSecond: 10 / 60, burst: 10 })
  readonly #address = new RateLimit({ perSecond: 100 / 60, burst: 100 })

  /** Counts one attempt; past a limit it is a 429 that says how long to wait. */
  count(account: string, { address = 'local' }: Origin): void {
    const wait = this.#address.take(address) || this.#account.take(`${address}|${account.toLowerCase()}`)
    if (wait) throw tooMany('log-ins', wait)
  }
}
