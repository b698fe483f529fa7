import type { PlatformConfig } from '../config/PlatformConfig.ts'
import { pending } from '../data/migrate.ts'
import { openDatabase } from '../data/openDatabase.ts'
import { createLogger } from '../logging/createLogger.ts'
import { databaseDirectory, migrationSets, openStore } from '../platform/openStore.ts'
import { installedPlugins } from './installedPlugins.ts'

/** Applies what is pending, or only tells it. */
export async function migrateCommand(
  config: PlatformConfig,
  { check }: { readonly check: boolean }
): Promise<void> {
  const plugins = installedPlugins(config)
  if (check) {
    const database = await openDatabase({ url: config.databaseUrl, directory: databaseDirectory(config) })
    try {
      const names = await pending(database, migrationSets(plugins))
      process.stdout.write(names.length ? `pending: ${names.join(', ')}\n` : 'up to date\n')
      if (names.length) process.exitCode = 1
    } finally {
      await database.close()
    }
    return
  }
  const { database } = await openStore(
    config,
    plugins,
    createLogger({ ...config.log, secretValues: config.secretValues })
  )
  await database.close()
  process.stdout.write('up to date\n')
}
