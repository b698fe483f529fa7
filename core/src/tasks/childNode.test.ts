import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { migrate } from '../data/migrate.ts'
import { openDatabase } from '../data/openDatabase.ts'
import { memoryLog, quick, until } from './support.test.ts'
import { createTasks } from './createTasks.ts'
import { taskMigrations } from './taskMigrations.ts'

/** What a child is to do: open a store, declare its work, start, and say what happens. */
export interface ChildOrders {
  readonly url?: string
  readonly directory?: string
  /** How long each run takes. */
  readonly runMs: number
}

/** What a child says, in this order for one run. */
export type ChildEvent = 'ready' | 'started' | 'ended'

/** A node in a process of its own. */
export interface ChildNode {
  readonly events: readonly ChildEvent[]
  reached(event: ChildEvent): Promise<void>
  kill(): Promise<void>
}

const ROLE = 'signalbox-child-node'

async function beNode({ url, directory = '', runMs }: ChildOrders) {
  const say = (event: ChildEvent) => process.send?.(event)
  const run = async () => {
    say('started')
    await wait(runMs)
    say('ended')
  }
  const database = await openDatabase({ url, directory })
  await migrate(database, [{ owner: 'core', migrations: taskMigrations }])
  const tasks = await createTasks({ store: database, log: memoryLog(), timeZone: 'UTC', timing: quick })
  for (let index = 0; index < 10; index += 1) {
    await tasks.add('boot', { name: `task${index}`, every: '0 0 29 2 *', run: async () => {} })
  }
  await tasks.add('child', { name: 'tick', every: quick.pollMs, run })
  tasks.handle('child', 'work', run)
  await tasks.start()
  say('ready')
}

/** Starts a node in a process of its own. */
export function startChild(orders: ChildOrders): ChildNode {
  const child: ChildProcess = fork(fileURLToPath(import.meta.url), [ROLE, JSON.stringify(orders)], {
    execArgv: ['--import=tsx', '--conditions=source'],
    serialization: 'json'
  })
  const exited = once(child, 'exit')
  const events: ChildEvent[] = []
  child.on('message', (event: ChildEvent) => events.push(event))
  return {
    events,
    async reached(event) {
      await until(`the child is ${event}`, () => events.includes(event) || child.exitCode !== null, 20_000)
      if (!events.includes(event))
        throw new Error(`the child ended with ${child.exitCode} before it was ${event}`)
    },
    async kill() {
      child.kill('SIGKILL')
      await exited
    }
  }
}

const [, , role, orders] = process.argv
if (role === ROLE && orders !== undefined) await beNode(JSON.parse(orders))
