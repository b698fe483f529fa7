import { access, constants, mkdir, statfs } from 'node:fs/promises'
import { configReference } from '../config/configReference.ts'
import type { PlatformConfig } from '../config/PlatformConfig.ts'
import { pending } from '../data/migrate.ts'
import { openDatabase } from '../data/openDatabase.ts'
import { databaseDirectory, migrationSets } from '../platform/openStore.ts'
import { installedPlugins } from './installedPlugins.ts'

interface Finding {
  readonly what: string
  readonly ok: boolean
  readonly says: string
}

/** Looks at everything a start needs, says what it found, and lists every option with its present default. */
export async function doctorCommand(config: PlatformConfig): Promise<void> {
  const findings = [nodeVersion(), await dataDirectory(config), await database(config), secretKey(config)]
  for (const { what, ok, says } of findings)
    process.stdout.write(`${ok ? 'ok   ' : 'fault'} ${what}: ${says}\n`)
  for (const warning of config.warnings) process.stdout.write(`note  ${warning}\n`)
  process.stdout.write('\nOptions\n')
  for (const row of configReference(config.plugins)) {
    process.stdout.write(
      `  ${row.variable ?? row.path} (${row.type}, default ${JSON.stringify(row.default) ?? 'none'}): ${row.description}\n`
    )
  }
  if (findings.some(({ ok }) => !ok)) process.exitCode = 1
}

function nodeVersion(): Finding {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  const ok = (major === 20 && minor >= 19) || (major === 22 && minor >= 12) || major > 22
  return { what: 'node', ok, says: `${process.version}${ok ? '' : '; 20.19 or 22.12 and later are needed'}` }
}

async function dataDirectory({ dataDirectory: directory }: PlatformConfig): Promise<Finding> {
  try {
    await mkdir(directory, { recursive: true, mode: 0o700 })
    await access(directory, constants.W_OK)
    const { bavail, bsize } = await statfs(directory)
    const gigabytes = (bavail * bsize) / 1e9
    return {
      what: 'data directory',
      ok: gigabytes > 1,
      says: `${directory}, ${gigabytes.toFixed(1)} GB free`
    }
  } catch (error) {
    return { what: 'data directory', ok: false, says: (error as Error).message }
  }
}

async function database(config: PlatformConfig): Promise<Finding> {
  try {
    const opened = await openDatabase({ url: config.databaseUrl, directory: databaseDirectory(config) })
    try {
      const names = await pending(opened, migrationSets(installedPlugins(config)))
      const todo = names.length ? `${names.length} migrations pending` : 'up to date'
      return { what: 'database', ok: true, says: `${opened.kind}, Postgres ${opened.version}, ${todo}` }
    } finally {
      await opened.close()
    }
  } catch (error) {
    return { what: 'database', ok: false, says: (error as Error).message }
  }
}

function secretKey({ secret }: PlatformConfig): Finding {
  const says = secret === undefined ? 'from the key file in the data directory' : 'from the configuration'
  return {
    what: 'secret',
    ok: secret === undefined || secret.length >= 16,
    says: secret && secret.length < 16 ? 'is shorter than 16 characters' : says
  }
}
