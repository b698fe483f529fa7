import type { PlatformConfig } from '../config/PlatformConfig.ts'
import { restore } from '../data/restore.ts'
import { databaseDirectory } from '../platform/openStore.ts'
import { requireEmbedded } from './requireEmbedded.ts'

/** Puts a backup in the place of the embedded database and its key file. */
export async function restoreCommand(
  config: PlatformConfig,
  { file, force }: { readonly file: string; readonly force: boolean }
): Promise<void> {
  requireEmbedded(config)
  const { manifest } = await restore({ file, directory: databaseDirectory(config), force })
  process.stdout.write(`restored the backup of ${manifest.createdAt} into ${config.dataDirectory}\n`)
}
