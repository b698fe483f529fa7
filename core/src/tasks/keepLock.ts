import type { Logger } from '@signalbox/plugin'
import type { Job } from 'agenda'
import { isLockLost } from './lockLost.ts'

export interface KeepLockOptions {
  readonly job: Job
  /** Milliseconds that a lock holds without being renewed. */
  readonly lockMs: number
  readonly log: Logger
  /** Aborted when the lock is lost, or may be soon: then another node may run the same. */
  readonly controller: AbortController
}

/** Renews the lock of a run until the function that it returns is called. */
export function keepLock({ job, lockMs, log, controller }: KeepLockOptions): () => Promise<void> {
  let renewedAt = Date.now()
  let renewal: Promise<void> | undefined

  const nearlyLapsed = () => Date.now() - renewedAt >= (lockMs * 3) / 4

  async function renew() {
    const startedAt = Date.now()
    try {
      await job.touch()
      renewedAt = startedAt
    } catch (error) {
      log.warn({ task: job.attrs.name, err: error }, 'the lock of a running task was not renewed')
      if (isLockLost(error) || nearlyLapsed()) controller.abort(error)
    }
    renewal = undefined
  }

  const timer = setInterval(() => {
    if (!renewal) renewal = renew()
    else if (nearlyLapsed()) controller.abort(new Error('its lock could not be renewed in time'))
  }, lockMs / 4)

  return async () => {
    clearInterval(timer)
    // A renewal that lands after the end of the run would lock it again.
    await renewal
  }
}
