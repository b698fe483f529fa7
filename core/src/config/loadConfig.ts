import { dirname } from 'node:path'
import type { ConfigInput } from './defineConfig.ts'
import { findConfigFile } from './findConfigFile.ts'
import { importConfig } from './importConfig.ts'
import type { PlatformConfig } from './PlatformConfig.ts'
import { readDotEnv } from './readDotEnv.ts'
import { resolveConfig } from './resolveConfig.ts'

export interface LoadConfigOptions {
  /** Where `signalbox.config.*` is looked for. */
  readonly cwd?: string
  /** The configuration file, where it has another name or place. */
  readonly file?: string | undefined
  readonly env?: Readonly<Record<string, string | undefined>>
  /** What wins over the environment, such as the options of a command line. */
  readonly overrides?: ConfigInput
}

/**
 * Loads the configuration of a deployment: the defaults, its `signalbox.config.{ts,mts,js,mjs}`, the `.env` beside
 * it, the environment and the overrides, the later over the earlier. Relative paths in any of them start at
 * `cwd`. Throws a `ConfigError` that lists every fault.
 */
export async function loadConfig({
  cwd = process.cwd(),
  file,
  env = process.env,
  overrides = {}
}: LoadConfigOptions = {}): Promise<PlatformConfig> {
  const path = findConfigFile({ cwd, file })
  const input = path === undefined ? {} : await importConfig(path)
  const dotEnv = readDotEnv(path === undefined ? cwd : dirname(path))
  const config = resolveConfig({ input, env: { ...dotEnv, ...env }, overrides, directory: cwd })
  if (path !== undefined) return config

  return { ...config, warnings: [`there is no signalbox.config.ts in ${cwd}`, ...config.warnings] }
}
