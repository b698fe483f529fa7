import { readFile, writeFile } from 'node:fs/promises'
import type { PlatformConfig } from '../config/PlatformConfig.ts'
import { createManifest } from '../documents/manifest.ts'
import type { Manifest } from '../documents/manifestShape.ts'
import { collectModels } from '../plugins/collectModels.ts'
import { documentsInput } from '../platform/documentsInput.ts'
import { installedPlugins } from './installedPlugins.ts'

export interface ManifestOptions {
  readonly out?: string
  readonly check?: string
}

/** Writes the manifest, or tells whether a file is the current one. */
export async function manifestCommand(
  config: PlatformConfig,
  { out, check }: ManifestOptions
): Promise<void> {
  const plugins = installedPlugins(config)
  const manifest = createManifest(documentsInput(config, plugins, collectModels(plugins)))
  if (check !== undefined) return compare(manifest, check)
  const text = `${JSON.stringify(manifest, undefined, 2)}\n`
  if (out === undefined) process.stdout.write(text)
  else await writeFile(out, text)
}

async function compare({ hash }: Manifest, file: string): Promise<void> {
  const committed = JSON.parse(await readFile(file, 'utf8')) as Partial<Manifest>
  if (committed.hash === hash) {
    process.stdout.write(`${file} is current\n`)
    return
  }
  process.stderr.write(
    `signalbox: ${file} is stale: it has the hash ${committed.hash}, the installed plugins ${hash}\n`
  )
  process.exitCode = 1
}
