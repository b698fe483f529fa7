import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { ConfigError } from './ConfigError.ts'

const names = ['ts', 'mts', 'js', 'mjs'].map((extension) => `signalbox.config.${extension}`)

export interface FindConfigFileOptions {
  readonly cwd: string
  readonly file?: string | undefined
}

/**
 * The absolute path of the configuration file: `file` from `cwd`, or the first `signalbox.config.{ts,mts,js,mjs}`
 * in it; `undefined` where there is none. Throws a `ConfigError` where `file` does not exist.
 */
export function findConfigFile({ cwd, file }: FindConfigFileOptions): string | undefined {
  if (file === undefined) return names.map((name) => resolve(cwd, name)).find((path) => existsSync(path))

  const path = resolve(cwd, file)
  if (!existsSync(path)) throw new ConfigError([`the configuration file ${path} does not exist`])

  return path
}
