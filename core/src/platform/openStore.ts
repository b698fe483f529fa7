import { hkdfSync } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Logger, Plugin } from '@signalbox/plugin'
import type { PlatformConfig } from '../config/PlatformConfig.ts'
import { shortName } from '../config/shortName.ts'
import type { Database } from '../data/Database.ts'
import { lockDirectory } from '../data/lockDirectory.ts'
import { loadSecret } from '../data/loadSecret.ts'
import { migrate, type MigrationSet } from '../data/migrate.ts'
import { openDatabase } from '../data/openDatabase.ts'
import { createSecretBox, type SecretBox } from '../data/SecretBox.ts'
import { instanceName } from './instanceName.ts'

/** What a platform keeps: its database, brought up to date, and its keys. */
export interface Store {
  readonly database: Database
  readonly secrets: SecretBox
  /** Signs access tokens. */
  readonly tokenSecret: string
  /** Derives refresh tokens. */
  readonly refreshKey: Buffer
  /** See {@link instanceName}. */
  readonly instance: string
}

export function migrationSets(plugins: readonly Plugin[]): MigrationSet[] {
  return plugins.map(({ name, migrations = [] }) => ({ owner: shortName(name), migrations }))
}

/** The folder of the embedded database. */
export function databaseDirectory({ dataDirectory }: PlatformConfig): string {
  return join(dataDirectory, 'database')
}

export function keyFile({ dataDirectory }: PlatformConfig): string {
  return join(dataDirectory, 'secret.key')
}

/** Opens the database and applies what is pending, after a backup where the database is the embedded one. */
export async function openStore(
  config: PlatformConfig,
  plugins: readonly Plugin[],
  log: Logger
): Promise<Store> {
  await mkdir(config.dataDirectory, { recursive: true, mode: 0o700 })
  const secret = await loadSecret({ ...config, file: keyFile(config) })
  const database = await openOwned(config, log)
  try {
    await migrate(database, migrationSets(plugins), { log, beforeFirst: () => backUp(database, config, log) })
  } catch (error) {
    await database.close()
    throw error
  }
  return {
    database,
    secrets: createSecretBox(secret.current, secret.previous),
    tokenSecret: derive(secret.current, 'access tokens').toString('base64url'),
    refreshKey: derive(secret.current, 'refresh tokens'),
    instance: await instanceName(config.dataDirectory)
  }
}

/**
 * Opens the database for this process alone. The embedded one sees to that by itself; a server has many clients, but the
 * recordings and other files in the data directory have one owner.
 */
async function openOwned(config: PlatformConfig, log: Logger): Promise<Database> {
  const { databaseUrl: url } = config
  const directory = databaseDirectory(config)
  if (url === undefined) return openDatabase({ directory, log })
  const release = await lockDirectory(directory)
  try {
    const database = await openDatabase({ url, directory, log })
    return { ...database, close: () => database.close().finally(release) }
  } catch (error) {
    await release()
    throw error
  }
}

async function backUp(database: Database, config: PlatformConfig, log: Logger): Promise<void> {
  if (!database.dump) return
  const directory = join(config.dataDirectory, 'backups')
  await mkdir(directory, { recursive: true, mode: 0o700 })
  const file = join(directory, `before-migration-${new Date().toISOString().replaceAll(/[:.]/g, '-')}.tar.gz`)
  await database.dump({ file, extra: config.secret === undefined ? [keyFile(config)] : [] })
  log.info({ file }, 'The database was backed up before its migration')
}

function derive(secret: string, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, 'signalbox', purpose, 32))
}
