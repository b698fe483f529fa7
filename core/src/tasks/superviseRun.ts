import { keepLock, type KeepLockOptions } from './keepLock.ts'

export interface SuperviseOptions extends KeepLockOptions {
  /** Milliseconds after which the run's signal is aborted. */
  readonly timeout: number
  /** Milliseconds that a run may go on after that, before it is left to itself. */
  readonly abandonMs: number
}

/** Rejects some time after the signal was aborted. */
function abandonment(signal: AbortSignal, abandonMs: number) {
  let timer: NodeJS.Timeout | undefined
  const abandoned = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => {
      const error = new Error('it ignored its aborted signal and was left to itself', {
        cause: signal.reason
      })
      timer = setTimeout(reject, abandonMs, error)
    })
  })
  return { abandoned, forget: () => clearTimeout(timer) }
}

/**
 * Runs one occurrence: keeps its lock alive however long it takes, aborts its signal when it takes longer than
 * `timeout`, and does not wait for ever for one that ignores that.
 */
export async function superviseRun(options: SuperviseOptions, run: () => Promise<void>): Promise<void> {
  const { job, timeout, abandonMs, log, controller } = options
  const { abandoned, forget } = abandonment(controller.signal, abandonMs)
  const endLock = keepLock(options)
  const deadline = setTimeout(() => {
    log.warn({ task: job.attrs.name, timeout }, 'a task took longer than its timeout and was aborted')
    controller.abort(new Error(`it took longer than its timeout of ${timeout} ms`))
  }, timeout)
  try {
    await Promise.race([run(), abandoned])
  } finally {
    clearTimeout(deadline)
    forget()
    await endLock()
  }
}
