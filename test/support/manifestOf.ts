import { resolveConfig } from '@signalbox/core'
import { parseManifest, type Manifest } from '@signalbox/codegen'
import type { Plugin } from '@signalbox/plugin'
import { installedPlugins } from '../../core/src/cli/installedPlugins.ts'
import { createManifest } from '../../core/src/documents/manifest.ts'
import { documentsInput } from '../../core/src/platform/documentsInput.ts'
import { collectModels } from '../../core/src/plugins/collectModels.ts'

/** The manifest of a deployment with these plugins, of which nothing is started: what `signalbox manifest` writes. */
export function manifestOf(plugins: readonly Plugin[]): Manifest {
  const config = resolveConfig({ input: { plugins } })
  const installed = installedPlugins(config)
  const manifest = createManifest(documentsInput(config, installed, collectModels(installed)))
  return parseManifest(JSON.stringify(manifest), 'The manifest')
}
