import type { PlatformConfig } from '../config/PlatformConfig.ts'
import { addKey, loadSecret } from '../data/loadSecret.ts'
import { openDatabase } from '../data/openDatabase.ts'
import { rekey, type SealedColumn } from '../data/rekey.ts'
import { createSecretBox } from '../data/SecretBox.ts'
import { users } from '../identity/resources.ts'
import { toSnake } from '../resources/names.ts'
import { databaseDirectory, keyFile } from '../platform/openStore.ts'
import { installedPlugins } from './installedPlugins.ts'

/** Seals every stored secret with the current key. Where the key is in the key file, a new one is made first. */
export async function rekeyCommand(config: PlatformConfig): Promise<void> {
  const database = await openDatabase({ url: config.databaseUrl, directory: databaseDirectory(config) })
  try {
    const file = keyFile(config)
    if (config.secret === undefined) await addKey(file)
    const { current, previous } = await loadSecret({ ...config, file })
    const count = await rekey(database.knex, createSecretBox(current, previous), sealedColumns(config))
    process.stdout.write(`sealed ${count} secrets anew; everybody signs in again\n`)
  } finally {
    await database.close()
  }
}

/** A user's password is a hash, which no key opens. */
function sealedColumns(config: PlatformConfig): SealedColumn[] {
  return installedPlugins(config)
    .flatMap(({ resources = [] }) => resources)
    .filter(({ path }) => path !== users.path)
    .flatMap(({ table, secrets = [] }) =>
      (secrets as readonly string[]).map((field) => ({ table, column: toSnake(field) }))
    )
}
