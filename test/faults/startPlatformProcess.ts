import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { RecorderConfig } from '@signalbox/recorder'
import type { NetworkNamespace } from '../support/networkNamespace.ts'
import type { Answer } from '../support/startTestPlatform.ts'
import { unlimited } from '../support/unlimited.ts'

export interface PlatformProcessOptions {
  /** Where its configuration is written. */
  readonly directory: string
  readonly dataDirectory?: string
  /** Without it, one that is free. */
  readonly port?: number
  /** Without it, the embedded database. */
  readonly databaseUrl?: string | undefined
  readonly recorder?: Partial<RecorderConfig>
  readonly redisUrl?: string | undefined
  /** Beside the environment of the tests. */
  readonly environment?: Readonly<Record<string, string>>
  /** What nodes of one deployment have in common; else it is made up. */
  readonly secret?: string
  /** Modules whose default export makes another plugin. */
  readonly plugins?: readonly URL[]
  /** The network in which it runs, where that is not this one. */
  readonly network?: Pick<NetworkNamespace, 'enter' | 'reach'> | undefined
}

/** A platform as a deployment runs it: a process of its own, started by the command line. */
export interface PlatformProcess {
  readonly child: ChildProcess
  readonly url: string
  /** The administrator's access token. */
  readonly token: string
  /** What it has logged so far, from warnings on: an object of JSON a line. */
  readonly log: readonly string[]
  /** Resolves with its exit code, or with the signal that ended it. */
  readonly ended: Promise<number | string>
  /** Calls `/api` + path as the administrator; rejects when there is no answer. */
  api(method: string, path: string, body?: unknown): Promise<Answer>
}

/** How a platform that did not get ready ended. */
export class PlatformRefused extends Error {
  readonly exit: number | string
  readonly stderr: string

  constructor(exit: number | string, stderr: string) {
    super(`the platform ended with ${exit} before it was ready:\n${stderr}`)
    this.exit = exit
    this.stderr = stderr
  }
}

const root = fileURLToPath(new URL('../../', import.meta.url))
const command = fileURLToPath(new URL('../../core/src/cli/main.ts', import.meta.url))
const recorderUrl = new URL('../../plugins/recorder/src/index.ts', import.meta.url).href
const email = 'admin@example.org'
const password = 'correct horse battery'
const flags = ['--import=tsx', '--conditions=source']
const processes = new Set<ChildProcess>()

/** Starts a platform with the recorder; resolves when it is ready. @throws PlatformRefused */
export async function startPlatformProcess({
  directory,
  dataDirectory = join(directory, 'data'),
  port = 0,
  databaseUrl,
  recorder = {},
  redisUrl,
  environment = {},
  secret,
  plugins = [],
  network
}: PlatformProcessOptions): Promise<PlatformProcess> {
  const config = {
    port,
    dataDirectory,
    databaseUrl,
    redis: { url: redisUrl },
    secret,
    timeZone: 'UTC',
    limits: unlimited,
    admin: { email, password }
  }
  const settings = JSON.stringify({ networks: ['127.0.0.0/8'], ...recorder })
  const file = join(directory, 'signalbox.config.mjs')
  const more = plugins.map(({ href }, index) => `import plugin${index} from ${JSON.stringify(href)}\n`)
  const made = ['', ...plugins.map((_, index) => `plugin${index}()`)].join(', ')
  await writeFile(
    file,
    `import { recorder } from ${JSON.stringify(recorderUrl)}
${more.join('')}export default {
  ...${JSON.stringify(config)}, log: { level: 'warn' }, plugins: [recorder(${settings})${made}]
}\n`
  )
  const [program, ...args] = [...(network?.enter ?? []), process.execPath, ...flags, command, 'start']
  const child = spawn(program as string, [...args, '--config', file], {
    cwd: root,
    // What was set for the tests is not meant for the platform.
    env: {
      ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('SIGNALBOX_'))),
      ...environment
    },
    stdio: ['ignore', 'pipe', 'pipe']
  })
  processes.add(child)
  const ended = once(child, 'exit').then(([code, signal]): number | string => {
    processes.delete(child)
    return code ?? signal
  })
  let stderr = ''
  child.stderr.on('data', (text: Buffer) => (stderr = (stderr + text.toString()).slice(-8000)))
  const log: string[] = []
  createInterface({ input: child.stderr }).on('line', (line) => log.push(line))

  const ownUrl = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (line.startsWith('ready ')) resolve(line.slice('ready '.length))
    })
    child.once('close', (code, signal) => reject(new PlatformRefused(code ?? signal ?? 'nothing', stderr)))
  })
  const url = network ? await network.reach(ownUrl) : ownUrl
  const { body } = await call(url, 'POST', '/auth/login', { body: { email, password } })
  const token: string = body.accessToken
  return {
    child,
    url,
    token,
    log,
    ended,
    api: (method, path, data) => call(url, method, path, { token, body: data })
  }
}

/** For `afterEach`: leaves no platform behind. */
export async function killPlatforms(): Promise<void> {
  await Promise.all(
    [...processes].map(async (child) => {
      const exited = once(child, 'exit')
      child.kill('SIGKILL')
      await exited
    })
  )
}

async function call(
  url: string,
  method: string,
  path: string,
  { token, body }: { token?: string; body?: unknown }
): Promise<Answer> {
  const response = await fetch(`${url}/api${path}`, {
    method,
    headers: {
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(body !== undefined && { 'content-type': 'application/json' })
    },
    ...(body !== undefined && { body: JSON.stringify(body) })
  })
  return { status: response.status, headers: response.headers, body: await response.json() }
}
