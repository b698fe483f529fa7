import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import type { Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Context } from 'mocha'
import { freePort } from './freePort.ts'

/** A Redis for one test or suite. */
export interface TestRedis {
  readonly url: string
  stop(): Promise<void>
}

/** A Redis that a test may take away and give back. It keeps nothing: what is killed comes back empty. */
export interface OwnRedis extends TestRedis {
  readonly port: number
  kill(): Promise<void>
  /** Starts it again on the same port; resolves when it answers. */
  restart(): Promise<void>
  /** It stands still: connections stay open, and nothing is answered. */
  freeze(): void
  thaw(): void
}

const portAlone = (port: number): readonly string[] => ['--port', String(port)]
const readyMs = 30_000

// Everything ends with this process, even a killed one: its end closes the pipe that `cat` reads.
const keeper = `
  dir=$1; shift
  "$@" & server=$!
  echo "pid $server"
  cat > /dev/null
  exec 2> /dev/null
  kill -KILL $server; wait $server
  rm -rf "$dir"`

interface Life {
  readonly child: ChildProcess
  readonly pid: number
}

/** A Redis, be it the one that `SIGNALBOX_TEST_REDIS_URL` names; without one the test or hook is skipped, saying so. */
export async function redisOrSkip(context: Context): Promise<TestRedis> {
  const url = process.env['SIGNALBOX_TEST_REDIS_URL']
  return url === undefined ? ownRedisOrSkip(context) : { url, stop: async () => {} }
}

/** A Redis of this test's own, with more arguments where it needs them. Without one it is skipped, saying so. */
export async function ownRedisOrSkip(context: Context, argumentsFor = portAlone): Promise<OwnRedis> {
  if (findRedis() !== undefined) return startRedis(argumentsFor)
  console.log('      not tested with a Redis: there is no redis-server here (apt-get install redis-server)')
  return context.skip()
}

function findRedis(): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter)
  return folders.map((folder) => join(folder, 'redis-server')).find((path) => existsSync(path))
}

/** A Redis of one's own; rejects where this machine has none. */
export async function startRedis(argumentsFor = portAlone): Promise<OwnRedis> {
  const program = findRedis()
  if (program === undefined) throw new Error('no redis-server here: apt-get install redis-server')
  const port = await freePort()
  const begin = (): Promise<Life> => startLife([program, ...argumentsFor(port)])
  let life: Life | undefined = await begin()

  const end = async (): Promise<void> => {
    const ending = life
    life = undefined
    if (!ending) return
    const exited = once(ending.child, 'exit')
    ending.child.ref()
    ending.child.stdin?.end()
    await exited
  }
  const signal = (name: NodeJS.Signals): void => void (life && process.kill(life.pid, name))
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    kill: end,
    restart: async () => void (life = await begin()),
    freeze: () => signal('SIGSTOP'),
    thaw: () => signal('SIGCONT'),
    stop: end
  }
}

async function startLife([program, ...args]: readonly string[]): Promise<Life> {
  const directory = await mkdtemp(join(tmpdir(), 'signalbox-redis-'))
  const settings = ['--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', directory]
  const command = ['-c', keeper, 'sh', directory, program as string, ...settings, ...args]
  const child = spawn('sh', command, { cwd: '/', detached: true, stdio: ['pipe', 'pipe', 'inherit'] })
  const said: string[] = []
  const pid = await new Promise<number>((resolve, reject) => {
    const timer = setTimeout(() => fail('did not get ready'), readyMs)
    const fail = (how: string): void => {
      clearTimeout(timer)
      reject(new Error(`redis-server ${how}:\n${said.join('\n')}`))
    }
    child.once('exit', () => fail('ended'))
    createInterface({ input: child.stdout }).on('line', (line) => {
      said.push(line)
      if (!line.includes('Ready to accept connections')) return
      clearTimeout(timer)
      resolve(Number(said.find((one) => one.startsWith('pid '))?.slice(4)))
    })
  })
  for (const stream of [child.stdin, child.stdout]) (stream as unknown as Socket).unref()
  child.unref()
  return { child, pid }
}
