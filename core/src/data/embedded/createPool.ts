import { Pool } from 'pg'
import { columnTypes } from '../columnTypes.ts'
import { guardPool } from '../guardPool.ts'
import type { Log } from '../Log.ts'
import type { WorkerStream } from './WorkerStream.ts'

/** The wait for the one connection counts as connecting, and many may be waiting. */
const CONNECT_MS = 30_000

export interface PoolOptions {
  /** What takes the place of a network socket. */
  readonly stream: () => WorkerStream
  readonly log?: Log | undefined
}

/** An ordinary pool of the one connection that an embedded Postgres can have. */
export function createPool({ stream, log }: PoolOptions): Pool {
  const pool = new Pool({
    user: 'postgres',
    database: 'postgres',
    ssl: false,
    max: 1,
    idleTimeoutMillis: 0,
    connectionTimeoutMillis: CONNECT_MS,
    types: columnTypes,
    stream
  })
  guardPool(pool, log)
  return pool
}
