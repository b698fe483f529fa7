export { ManualClock, type Occasion, type Timetable } from './clock/ManualClock.ts'
export { ConfigError } from './config/ConfigError.ts'
export { configReference, type ConfigReferenceRow } from './config/configReference.ts'
export { defineConfig, type ConfigInput } from './config/defineConfig.ts'
export { loadConfig, type LoadConfigOptions } from './config/loadConfig.ts'
export type { PlatformConfig } from './config/PlatformConfig.ts'
export { resolveConfig, type ResolveConfigOptions } from './config/resolveConfig.ts'
export { grants, permissions, roles, users } from './identity/resources.ts'
export {
  createPlatform,
  type Platform,
  type PlatformOptions,
  type StartedPlatform
} from './platform/createPlatform.ts'
export { shortName } from './config/shortName.ts'
