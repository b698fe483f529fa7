import type { PoolClient } from 'pg'
import type { KnexPool } from './sharedPool.ts'

const WAIT_MS = 30_000

interface Waiting {
  resolve(client: PoolClient): void
  readonly timer: NodeJS.Timeout
}

/**
 * Lets knex work on one connection that the caller holds, one query or transaction after the other. Whoever
 * waits inside a transaction for a second connection would wait for ever, and gets an error instead.
 */
export function soloPool(client: PoolClient): KnexPool {
  const queue: Waiting[] = []
  let used = false

  function acquire(): Promise<PoolClient> {
    if (!used) {
      used = true
      return Promise.resolve(client)
    }
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        queue.splice(queue.indexOf(waiting), 1)
        reject(new Error('no second connection here: inside a transaction, query through the transaction'))
      }, WAIT_MS)
      const waiting: Waiting = { resolve, timer }
      queue.push(waiting)
    })
  }

  function release(): boolean {
    const next = queue.shift()
    used = next !== undefined
    clearTimeout(next?.timer)
    next?.resolve(client)
    return true
  }

  return {
    acquire: () => ({ promise: acquire() }),
    release,
    async destroy() {},
    numFree: () => (used ? 0 : 1),
    numUsed: () => (used ? 1 : 0),
    numPendingAcquires: () => queue.length
  }
}
