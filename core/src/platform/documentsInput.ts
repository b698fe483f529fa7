import type { Plugin } from '@signalbox/plugin'
import type { PlatformConfig } from '../config/PlatformConfig.ts'
import type { DocumentsInput } from '../documents/DocumentsInput.ts'
import { collectCommands } from '../plugins/collectCommands.ts'
import type { Model } from '../resources/Model.ts'
import { version } from './version.ts'

/** What the documents of these plugins are written from. Throws where a command is not what it says of itself. */
export function documentsInput(
  { name, basePath }: PlatformConfig,
  plugins: readonly Plugin[],
  models: readonly Model[]
): DocumentsInput {
  return { name, version, basePath, plugins, models, commands: collectCommands(plugins, models) }
}
