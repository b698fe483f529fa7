import { access } from 'node:fs/promises'
import type { PlatformConfig } from '../config/PlatformConfig.ts'
import { backup } from '../data/backup.ts'
import { databaseDirectory, keyFile } from '../platform/openStore.ts'
import { requireEmbedded } from './requireEmbedded.ts'

/** Writes the embedded database and the key file, without which stored secrets cannot be read, into one archive. */
export async function backupCommand(config: PlatformConfig, file: string): Promise<void> {
  requireEmbedded(config)
  const key = keyFile(config)
  const hasKey = await access(key).then(
    () => true,
    () => false
  )
  await backup({ directory: databaseDirectory(config), file, extra: hasKey ? [key] : [] })
  process.stdout.write(
    `wrote ${file}${hasKey ? ', with the key of the stored secrets: keep it as safe as a password' : ''}\n`
  )
}
