import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { ProbeMessage } from './probe.ts'
import type { Finding } from './Report.ts'

export interface ProbeOptions {
  /** Where the plugin and this kit are installed. */
  readonly folder: string
  /** The plugin’s package. */
  readonly name: string
  readonly onFinding: (finding: Finding) => void
}

type Done = Extract<ProbeMessage, { readonly type: 'done' }>['plugin']

const stopsTitle = 'stops and leaves nothing open'
const deadlineMs = 300_000

/** Starts the installed plugin in a plain Node of its own; resolves with what it said of itself when that is gone. */
export async function runProbe({ folder, name, onFinding }: ProbeOptions): Promise<Done | undefined> {
  const probe = join(folder, 'node_modules/@signalbox/testing/lib/check/probe.js')
  // A group of its own shows what it leaves behind.
  const child = fork(probe, [name], {
    cwd: folder,
    execArgv: [],
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: plainEnvironment()
  })
  const end = (): void => void killGroup(child.pid)
  process.once('exit', end)
  const deadline = setTimeout(end, deadlineMs)
  let printed = ''
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (text: string) => (printed = (printed + text).slice(-4000)))
  let done: Done | undefined
  let left: readonly string[] = []
  child.on('message', (message: ProbeMessage) => {
    if (message.type === 'finding') onFinding(message.finding)
    if (message.type === 'done') done = message.plugin
    if (message.type === 'left') left = message.resources
  })
  const [code, signal] = await once(child, 'exit')
  clearTimeout(deadline)
  process.off('exit', end)
  const orphans = killGroup(child.pid)
  if (!done) {
    const how = signal ? `was ended by ${String(signal)}` : `ended with ${String(code)}`
    onFinding({ title: 'can be started', faults: [`the process ${how}`, printed.trim()].filter(Boolean) })
    return undefined
  }
  const advice = 'close in ctx.defer what start has opened'
  onFinding({
    title: stopsTitle,
    faults: [
      ...(left.length > 0 ? [`the process does not end: ${[...new Set(left)].join(', ')}; ${advice}`] : []),
      ...(orphans ? [`a process that it started is still there; ${advice}`] : []),
      ...(left.length === 0 && code !== 0 ? [`the process ended with ${String(code)}`, printed.trim()] : [])
    ]
  })
  return done
}

/** Ends what is left of a process group; whether there was anything. */
function killGroup(pid: number | undefined): boolean {
  if (pid === undefined || process.platform === 'win32') return false
  try {
    process.kill(-pid, 'SIGKILL')
    return true
  } catch {
    return false
  }
}

/** What configures the platform beside which this runs, or how this Node reads sources, is not for the plugin. */
function plainEnvironment(): NodeJS.ProcessEnv {
  const foreign = /^(SIGNALBOX_.*|HOST|PORT|DATABASE_URL|NODE_OPTIONS|NODE_TEST_CONTEXT)$/
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !foreign.test(name)))
}
