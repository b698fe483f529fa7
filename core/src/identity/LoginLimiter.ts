import { PlatformError, type Origin } from '@signalbox/plugin'
import { RateLimiterMemory, type RateLimiterRes } from 'rate-limiter-flexible'

/** Log-ins: 10 a minute for each account and address, 100 a minute for each address. */
export class LoginLimiter {
  readonly #account = new RateLimiterMemory({ points: 10, duration: 60 })
  readonly #address = new RateLimiterMemory({ points: 100, duration: 60 })

  /** Counts one attempt; past a limit it is a 429 that says how long to wait. */
  async count(account: string, { address = 'local' }: Origin): Promise<void> {
    try {
      await this.#address.consume(address)
      await this.#account.consume(`${address}|${account.toLowerCase()}`)
    } catch (error) {
      const seconds = Math.ceil(((error as RateLimiterRes).msBeforeNext ?? 60_000) / 1000)
      throw new PlatformError('tooManyRequests', `Too many log-ins. Try again in ${seconds} seconds.`, {
        data: { retryAfter: seconds }
      })
    }
  }
}
