import { register } from 'node:module'
import { pathToFileURL } from 'node:url'
import { ConfigError } from './ConfigError.ts'
import type { ConfigInput } from './defineConfig.ts'
import { isPlainObject } from './Schema.ts'

let hasHook = false

/** Lets this process import TypeScript, once, where it cannot yet. */
function allowTypeScript(): void {
  const isNative = 'typescript' in process.features && Boolean(process.features.typescript)
  const isSource = import.meta.url.endsWith('.ts')
  if (hasHook || isSource || isNative) return

  register('./typeStripHook.js', import.meta.url)
  hasHook = true
}

async function importDefault(path: string): Promise<unknown> {
  try {
    const module: { default?: unknown } = await import(pathToFileURL(path).href)

    return module.default
  } catch (error: any) {
    const [reason] = String(error?.message ?? error).split('\n')

    throw new ConfigError([`${path} cannot be loaded: ${reason}`], { cause: error })
  }
}

/**
 * Imports a configuration file through this process's own module cache, TypeScript by stripping its types. Throws a
 * `ConfigError` where it cannot be loaded or has no default export.
 */
export async function importConfig(path: string): Promise<ConfigInput> {
  if (/\.m?ts$/.test(path)) allowTypeScript()

  const input = await importDefault(path)
  if (!isPlainObject(input)) throw new ConfigError([`${path} must export default defineConfig({ … })`])

  return input
}
