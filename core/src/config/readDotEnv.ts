import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import { ConfigError } from './ConfigError.ts'

/** The variables of the `.env` in a folder; none where there is no such file. */
export function readDotEnv(directory: string): Record<string, string | undefined> {
  const path = join(directory, '.env')

  try {
    return parseEnv(readFileSync(path, 'utf8'))
  } catch (error: any) {
    const { code }: NodeJS.ErrnoException = error
    if (code === 'ENOENT') return {}

    throw new ConfigError([`${path} cannot be read (${code})`], { cause: error })
  }
}
