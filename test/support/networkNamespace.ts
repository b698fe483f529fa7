import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { Context } from 'mocha'
import { startForwarder, type Forwarder } from './forwarder.ts'
import { startProgram, type Program } from './program.ts'

/** A network of its own for some processes of a test. One cable, which can be pulled, joins it to this one. */
export interface NetworkNamespace {
  /** Stands before a command that is to run in there. */
  readonly enter: readonly string[]
  /** Where a server out here listens for those in there; nobody else can reach it. */
  readonly address: string
  /** A way to a server on the loopback in there which does not go over the cable. Returns the url out here. */
  reach(url: string): Promise<string>
  /** Silence, from one packet to the next: no connection is closed, and nothing gets through. */
  pull(): Promise<void>
  plugIn(): Promise<void>
  /** Removes everything; the processes in there must have ended. */
  remove(): Promise<void>
}

const run = promisify(execFile)
const ip = async (...args: string[]): Promise<string> => (await run('ip', args)).stdout
let made = 0

/** Makes a network namespace, for a test that is skipped, saying so, where that cannot be had. `directory` is for sockets. */
export async function openNetworkNamespaceOrSkip(
  test: Context,
  directory: string
): Promise<NetworkNamespace> {
  try {
    return await openNetworkNamespace(directory)
  } catch (error) {
    const { stderr = '', message } = error as Error & { stderr?: string }
    console.log(
      `      not tested: a network that is cut; ${(stderr || message).trim().split('\n')[0]} ` +
        '(it takes root, or CAP_NET_ADMIN and CAP_SYS_ADMIN, and apt-get install iproute2)'
    )
    return test.skip()
  }
}

async function openNetworkNamespace(directory: string): Promise<NetworkNamespace> {
  const name = `signalbox-${process.pid}-${++made}`
  // The kernel takes fifteen letters.
  const [out, within] = [`sb${process.pid}o${made}`, `sb${process.pid}i${made}`]
  const [net, address, theirs] = await freeNetwork()
  const opened: (Forwarder | Program)[] = []
  const undo: (readonly string[])[] = []
  const undoable = async (command: readonly string[], back: readonly string[]): Promise<void> => {
    await ip(...command)
    undo.unshift(back)
  }
  const remove = async (): Promise<void> => {
    for (const one of opened.splice(0)) await end(one)
    const faults: unknown[] = []
    for (const command of undo.splice(0)) await ip(...command).catch((error: unknown) => faults.push(error))
    if (faults.length) throw faults[0]
  }
  try {
    await undoable(['netns', 'add', name], ['netns', 'delete', name])
    await undoable(
      ['link', 'add', out, 'type', 'veth', 'peer', 'name', within, 'netns', name],
      ['link', 'delete', out]
    )
    // While the cable is out, what is meant for there must not look for another way.
    const hole = ['blackhole', net, 'metric', '9999']
    await undoable(['route', 'add', ...hole], ['route', 'delete', ...hole])
    await ip('address', 'add', `${address}/30`, 'dev', out)
    await ip('link', 'set', out, 'up')
    await ip('-n', name, 'address', 'add', `${theirs}/30`, 'dev', within)
    await ip('-n', name, 'link', 'set', within, 'up')
    await ip('-n', name, 'link', 'set', 'lo', 'up')
    // A neighbour that cannot be asked for would be an error at once, and no silence.
    const [{ address: mac }] = JSON.parse(await ip('-json', 'link', 'show', out)) as [{ address: string }]
    await ip('-n', name, 'neighbour', 'replace', address, 'lladdr', mac, 'nud', 'permanent', 'dev', within)
  } catch (error) {
    await remove()
    throw error
  }
  const enter = ['ip', 'netns', 'exec', name]

  return {
    enter,
    address,
    remove,
    pull: async () => void (await ip('link', 'set', out, 'down')),
    plugIn: async () => void (await ip('link', 'set', out, 'up')),
    async reach(url) {
      const port = Number(new URL(url).port)
      // A socket in the file system belongs to no network.
      const path = `${directory}/${port}.sock`
      const forwarder = new URL('./forwarder.ts', import.meta.url).href
      const text = `import { startForwarder } from ${JSON.stringify(forwarder)}
await startForwarder({ path: ${JSON.stringify(path)} }, { host: '127.0.0.1', port: ${port} })
console.log('ready')\n`
      const inside = await startProgram(directory, `reach-${port}`, text, { enter })
      opened.push(inside)
      await inside.line(/^ready$/)
      const outside = await startForwarder({ host: '127.0.0.1' }, { path })
      opened.push(outside)
      return `http://127.0.0.1:${outside.port}`
    }
  }
}

async function end(one: Forwarder | Program): Promise<void> {
  if ('stop' in one) return one.stop()
  one.child.kill('SIGKILL')
  await one.ended
}

/** Four addresses that documents use and no network has, to which there is no way yet: theirs, and the two ends. */
async function freeNetwork(): Promise<[net: string, address: string, theirs: string]> {
  const routes = await ip('-4', 'route', 'show', 'table', 'all')
  for (let n = 0; n < 128; n++) {
    const place = (process.pid + n) % 128
    const prefix = place < 64 ? '198.51.100' : '203.0.113'
    const first = (place % 64) * 4
    const net = `${prefix}.${first}/30`
    if (!routes.includes(net) && !routes.includes(`${prefix}.0/24`))
      return [net, `${prefix}.${first + 1}`, `${prefix}.${first + 2}`]
  }
  throw new Error('every network for documents is in use here')
}
