import { Pool } from 'pg'
import { columnTypes } from './columnTypes.ts'
import { createKnex } from './createKnex.ts'
import type { Database } from './Database.ts'
import { dataError, errorText } from './dataError.ts'
import { guardPool } from './guardPool.ts'
import type { Log } from './Log.ts'
import { openLine } from './openLine.ts'
import { serverSilence } from './serverSilence.ts'
import { sharedPool } from './sharedPool.ts'
import { watchServer } from './watchServer.ts'
import { withinDeadline } from './withinDeadline.ts'

const OLDEST_MAJOR = 15
const CONNECT_MS = 10_000
const STATEMENT_MS = 60_000
const DRAIN_MS = 10_000

/**
 * What a node holds that has vanished: the locks of a unit of work that it cannot end any more, and, for two minutes,
 * a connection.
 */
const VANISHED = `
  set idle_in_transaction_session_timeout = '15s';
  set tcp_keepalives_idle = 60;
  set tcp_keepalives_interval = 10;
  set tcp_keepalives_count = 6`

/** Which server {@link openPostgres} opens. */
export interface PostgresOptions {
  /** `postgres://user:password@host:port/database`; never logged and in no error. */
  readonly url: string
  /** The most connections to hold. */
  readonly poolSize?: number
  readonly log?: Log | undefined
}

interface ServerVersion {
  readonly version: string
  readonly number: number
}

/** Host and database of a url, which is all of it that may be shown. */
function describe(url: string): string {
  try {
    const { host, pathname } = new URL(url)
    return `${host}${pathname}`
  } catch {
    // no cause: the error of a url quotes the url
    throw dataError(
      'DATABASE_URL_INVALID',
      'The database url is malformed: write postgres://user:password@host:port/database, ' +
        'with reserved characters of the password percent-encoded.'
    )
  }
}

async function readVersion(pool: Pool): Promise<ServerVersion | undefined> {
  const { rows } = await pool.query<ServerVersion>(
    `select current_setting('server_version') as version, current_setting('server_version_num')::int as number`
  )
  return rows[0]
}

async function checkServer(pool: Pool, server: string): Promise<string> {
  const found = await readVersion(pool).catch((error: unknown) => {
    throw dataError(
      'DATABASE_UNREACHABLE',
      `The Postgres at ${server} did not let us in (${errorText(error)}): ` +
        'see that it runs, and that the user, the password and the database of the url exist.',
      error
    )
  })
  const { version = 'unknown', number = 0 } = found ?? {}
  if (number >= OLDEST_MAJOR * 10_000) return version
  throw dataError(
    'DATABASE_TOO_OLD',
    `The Postgres at ${server} is version ${version}; Signalbox needs ${OLDEST_MAJOR} or newer.`
  )
}

/**
 * Opens a Postgres server.
 *
 * @throws `DATABASE_URL_INVALID`, `DATABASE_UNREACHABLE`, `DATABASE_TOO_OLD`
 */
export async function openPostgres({ url, poolSize = 10, log }: PostgresOptions): Promise<Database> {
  const server = describe(url)
  const silence = serverSilence()
  const pool = new Pool({
    Client: silence.Client,
    connectionString: url,
    max: poolSize,
    application_name: 'signalbox',
    connectionTimeoutMillis: CONNECT_MS,
    statement_timeout: STATEMENT_MS,
    keepAlive: true,
    types: columnTypes,
    // oxlint-disable-next-line typescript/no-misused-promises -- the pool awaits it, which its types do not tell
    onConnect: (client) => client.query(VANISHED)
  })
  guardPool(pool, log)

  const version = await checkServer(pool, server).catch(async (error: unknown) => {
    await pool.end()
    throw error
  })
  const watch = watchServer(pool, log)
  let closed: Promise<void> | undefined

  async function close() {
    watch.stop()
    if (await withinDeadline(pool.end(), DRAIN_MS)) return
    log?.warn({}, 'closing the database under open queries')
    silence.breakAll()
  }

  return {
    kind: 'postgres',
    pool,
    knex: createKnex(sharedPool(pool), log),
    version,
    state: () => (silence.certain ? 'down' : watch.state()),
    async vacuum() {},
    openLine: (channel) => openLine({ url, channel, log, silence }),
    close: () => (closed ??= close())
  }
}
