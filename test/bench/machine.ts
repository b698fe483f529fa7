import { execFileSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { cpus, release, totalmem, type } from 'node:os'
import { createDatabase } from '../support/postgres.ts'
import { findFfmpeg } from '../support/fakeCamera/index.ts'
import { Client } from 'pg'

/** What the figures were measured on, and with: name and value of each. */
export async function machine(): Promise<[string, string][]> {
  const processors = cpus()
  return [
    ['Processor', `${processors.length} × ${processors[0]?.model.trim() ?? 'unknown'}`],
    ['Memory', `${Math.round(totalmem() / 2 ** 30)} GiB`],
    ['System', `${type()} ${release()}`],
    ['Node', process.versions.node],
    ['Postgres', await postgresVersion()],
    ['Embedded Postgres', `PGlite ${versionOf('@electric-sql/pglite')}`],
    ['Socket.IO', versionOf('socket.io')],
    ['Feathers', versionOf('@feathersjs/feathers')],
    ['ffmpeg', await ffmpegVersion()]
  ]
}

/** The version of a package of core's; some do not export their package.json. */
function versionOf(name: string): string {
  const require = createRequire(new URL('../../core/package.json', import.meta.url))
  const entry = require.resolve(name)
  const root = entry.slice(0, entry.lastIndexOf(`/${name}/`) + name.length + 2)
  const { version }: { version: string } = require(`${root}/package.json`)
  return version
}

async function postgresVersion(): Promise<string> {
  const database = await createDatabase()
  const client = new Client({ connectionString: database.url })
  await client.connect()
  const { rows } = await client.query<{ server_version: string }>('show server_version')
  await client.end()
  await database.drop()
  return rows[0]?.server_version ?? 'unknown'
}

async function ffmpegVersion(): Promise<string> {
  const ffmpeg = await findFfmpeg('PATH', 'npm')
  if (!ffmpeg) return 'none'
  const output = execFileSync(ffmpeg.path, ['-version'], { encoding: 'utf8' })
  return /version (\S+)/.exec(output)?.[1] ?? 'unknown'
}
