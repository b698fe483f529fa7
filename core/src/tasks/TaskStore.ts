import type { Knex } from 'knex'
import type { Pool } from 'pg'
import type { UnitsOfWork } from '../data/unitOfWork.ts'

/** The tables of `taskMigrations`, on a Postgres server or in the embedded database. */
export interface SqlTaskStore {
  /** `embedded` promises that no other process uses the database. */
  readonly kind: 'postgres' | 'embedded'
  readonly pool: Pool
  readonly knex: Knex
  /** Those of the platform, so that deferred work is part of the unit of work that asks for it. */
  readonly units?: UnitsOfWork
}

export interface MongoTaskStore {
  readonly kind: 'mongo'
  /** `mongodb://host:port/database` */
  readonly url: string
  /** Milliseconds to wait for a server at the start. Default 10 seconds. */
  readonly timeoutMs?: number
}

export type TaskStore = SqlTaskStore | MongoTaskStore
