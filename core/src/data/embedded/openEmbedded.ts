import { resolve } from 'node:path'
import type { Pool } from 'pg'
import type { DumpOptions } from '../Database.ts'
import { lockDirectory } from '../lockDirectory.ts'
import type { Log } from '../Log.ts'
import { withinDeadline } from '../withinDeadline.ts'
import { createPool } from './createPool.ts'
import { Engine } from './Engine.ts'
import { assertMajor, POSTGRES_MAJOR, readMajor } from './postgresMajor.ts'
import { vacuumTables } from './vacuumTables.ts'

const DRAIN_MS = 10_000

/** Where and how {@link openEmbedded} opens. */
export interface EmbeddedOptions {
  readonly directory: string
  /**
   * How long one statement may take, in milliseconds. Embedded Postgres cannot cancel a statement; one that
   * takes longer is ended with its worker, and the database opened anew.
   */
  readonly watchdogMs?: number
  readonly log?: Log | undefined
}

/** A Postgres in a worker thread of this process, behind an ordinary pool of one connection. */
export interface EmbeddedDatabase {
  readonly pool: Pool
  readonly version: string
  /** `down` while a lost worker is being replaced; queries then fail with `57P01` or `57P03`. */
  state(): 'up' | 'down'
  /** Vacuums and analyses table by table, so that nobody waits longer than for one. It has no autovacuum. */
  vacuum(): Promise<void>
  /** Writes a backup while the database is open. Queries wait meanwhile; an open transaction is not in it. */
  dump(options: DumpOptions): Promise<void>
  close(): Promise<void>
}

/**
 * Opens the embedded database in a directory, making it at the first start. Every commit is on the disk
 * when it is acknowledged; that is tested at each start.
 *
 * @throws `DATA_DIRECTORY_LOCKED`, `DATA_DIRECTORY_FOREIGN`, `DATA_DIRECTORY_MAJOR`,
 * `DATA_DIRECTORY_UNREADABLE`, `DATA_DIRECTORY_NOT_DURABLE`
 */
export async function openEmbedded({
  directory: given,
  watchdogMs = 60_000,
  log
}: EmbeddedOptions): Promise<EmbeddedDatabase> {
  const directory = resolve(given)
  const release = await lockDirectory(directory)
  const engine = new Engine({ directory, watchdogMs, log })
  const pool = createPool({ stream: () => engine.createStream(), log })
  let closed: Promise<void> | undefined

  async function close() {
    if (!(await withinDeadline(pool.end(), DRAIN_MS)))
      log?.warn({}, 'closing the database under open queries')
    await engine.close()
    await release()
  }

  async function open(): Promise<EmbeddedDatabase> {
    const major = await readMajor(directory)
    assertMajor(major ?? POSTGRES_MAJOR, `The database in ${directory}`)
    await engine.start({ create: major === undefined })
    const { rows } = await pool.query<{ server_version: string }>('show server_version')
    return {
      pool,
      version: rows[0]?.server_version ?? POSTGRES_MAJOR,
      state: () => engine.state(),
      vacuum: () => vacuumTables(pool),
      dump: ({ file, extra = [] }) => engine.dump({ directory, file: resolve(file), extra }),
      close: () => (closed ??= close())
    }
  }

  try {
    return await open()
  } catch (error) {
    await close()
    throw error
  }
}
