import type { Plugin } from '@signalbox/plugin'
import type { PlatformConfig } from '../config/PlatformConfig.ts'
import { shortName } from '../config/shortName.ts'
import { orderPlugins } from '../plugins/orderPlugins.ts'
import { declareCore } from '../platform/corePlugin.ts'

/** The host's own plugin and those of the configuration, in the order in which they start; nothing is started. */
export function installedPlugins(config: PlatformConfig): Plugin[] {
  const chosen = config.plugins.filter(({ name }) => config.only?.includes(shortName(name)) ?? true)
  return [declareCore(), ...orderPlugins(chosen)]
}
