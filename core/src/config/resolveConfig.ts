import { resolve } from 'node:path'
import type { Static } from 'typebox'
import { Check } from 'typebox/value'
import { checkOnly } from './checkOnly.ts'
import { checkOpenMode } from './checkOpenMode.ts'
import { checkPlugins } from './checkPlugins.ts'
import { checkVariables } from './checkVariables.ts'
import { ConfigError } from './ConfigError.ts'
import { coreVariables } from './coreVariables.ts'
import type { ConfigInput } from './defineConfig.ts'
import type { PlatformConfig } from './PlatformConfig.ts'
import { platformSchema } from './platformSchema.ts'
import { resolvePluginConfig } from './resolvePluginConfig.ts'
import { resolveSection } from './resolveSection.ts'
import { secretValues } from './secretValues.ts'
import { shortName } from './shortName.ts'

type CoreConfig = Static<typeof platformSchema>

export interface ResolveConfigOptions {
  /** What the configuration file exports. */
  readonly input?: ConfigInput
  /** The whole environment; an empty text is the same as absent. */
  readonly env?: Readonly<Record<string, string | undefined>>
  /** What wins over the environment, such as the options of a command line. */
  readonly overrides?: ConfigInput
  /** Relative paths start here. */
  readonly directory?: string
}

function normalise(config: CoreConfig, directory: string): CoreConfig {
  const path = config.basePath.replace(/^\/+|\/+$/g, '')
  const { file } = config.log

  return {
    ...config,
    basePath: path === '' ? '' : `/${path}`,
    dataDirectory: resolve(directory, config.dataDirectory),
    log: { ...config.log, ...(file === undefined ? {} : { file: resolve(directory, file) }) },
    ...(config.only === undefined ? {} : { only: config.only.map(shortName) })
  }
}

/**
 * Resolves a configuration that is in memory: defaults, `input`, `env`, `overrides`, the later over the earlier.
 * Reads nothing but the files that `…_FILE` variables name. Throws a `ConfigError` with all faults at once.
 */
export function resolveConfig({
  input = {},
  env = {},
  overrides = {},
  directory = process.cwd()
}: ResolveConfigOptions = {}): PlatformConfig {
  const environment = { env, directory }
  const { timeZone } = new Intl.DateTimeFormat().resolvedOptions()

  const core = resolveSection({
    schema: platformSchema,
    variables: coreVariables,
    environment,
    given: { ...input, timeZone: input.timeZone ?? timeZone },
    overrides
  })

  const checked = checkPlugins(core.values.plugins)
  const sections = checked.plugins.map((plugin) => ({
    name: shortName(plugin.name),
    ...resolvePluginConfig(plugin, environment)
  }))
  const variables = checkVariables(checked.plugins, env)

  const faults = [
    ...core.faults,
    ...checked.faults,
    ...checkOpenMode(core),
    ...checkOnly(core, checked.plugins),
    ...sections.flatMap((section) => section.faults),
    ...variables.faults
  ]
  if (faults.length > 0 || !Check(platformSchema, core.values)) throw new ConfigError(faults)

  const secrets = sections.flatMap((section) => section.secretValues)

  return {
    ...normalise(core.values, directory),
    pluginConfig: Object.fromEntries(sections.map(({ name, values }) => [name, values])),
    secretValues: [...new Set([...secretValues(platformSchema, core.values), ...secrets])],
    warnings: variables.warnings
  }
}
