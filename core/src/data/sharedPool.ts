import type { Pool, PoolClient } from 'pg'
import { ConnectionFault } from './ConnectionFault.ts'

/** The part of tarn's pool that knex uses; by its counters knex tells it from a bare `pg.Pool`. */
export interface KnexPool {
  acquire(): { promise: Promise<PoolClient> }
  release(client: PoolClient): boolean
  destroy(): Promise<void>
  numFree(): number
  numUsed(): number
  numPendingAcquires(): number
}

interface KnexClient extends PoolClient {
  __knexUid?: string
  __knex__disposed?: unknown
}

let uid = 0

/**
 * Lets knex draw its connections from a `pg.Pool` that others use too. Releasing twice is harmless: knex
 * releases a streamed query's connection twice, and `pg.Pool` alone would throw. Destroying knex leaves the
 * pool open for its owner to end.
 */
export function sharedPool(pool: Pool): KnexPool {
  const held = new WeakSet<PoolClient>()

  return {
    acquire() {
      const promise = pool.connect().then(
        (client: KnexClient) => {
          client.__knexUid ??= `shared${++uid}`
          held.add(client)
          return client
        },
        (error: unknown) => {
          throw new ConnectionFault(error)
        }
      )
      return { promise }
    },

    release(client: KnexClient) {
      if (!held.delete(client)) return false
      client.release(client.__knex__disposed !== undefined)
      return true
    },

    async destroy() {},

    numFree: () => pool.idleCount,
    numUsed: () => pool.totalCount - pool.idleCount,
    numPendingAcquires: () => pool.waitingCount
  }
}
