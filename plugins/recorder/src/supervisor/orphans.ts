import { readdir, readFile } from 'node:fs/promises'
import { MARK } from './childEnvironment.ts'
import { systemClock, type Clock } from './Clock.ts'

/** A process that an earlier life of the platform started and left behind. */
export interface Orphan {
  pid: number
  jobId: string
  runId: string
  /** In clock ticks since boot: with the pid, it names one process for ever. */
  startTime: string
}

interface ProcessStat {
  state: string
  parent: number
  startTime: string
}

/** Reads `/proc/<pid>/stat` (proc(5)); the name in its second field may hold anything, so count from its end. */
async function statOf(pid: number): Promise<ProcessStat | undefined> {
  try {
    const text = await readFile(`/proc/${pid}/stat`, 'latin1')
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
    const [state = '', parent = ''] = fields
    return { state, parent: Number(parent), startTime: fields[19] ?? '' }
  } catch {
    return undefined
  }
}

async function environmentOf(pid: number): Promise<Map<string, string> | undefined> {
  try {
    const text = await readFile(`/proc/${pid}/environ`, 'utf8')
    if (!text.includes(MARK.run)) return undefined
    return new Map(
      text.split('\0').map((pair) => [pair.split('=', 1)[0]!, pair.slice(pair.indexOf('=') + 1)])
    )
  } catch {
    return undefined
  }
}

interface Marked extends Orphan {
  instance: string
  parent: number
  platform: number
}

async function markedProcesses(): Promise<Marked[]> {
  const names = await readdir('/proc').catch(() => [])
  const pids = names.filter((name) => /^\d+$/.test(name)).map(Number)
  const found = await Promise.all(
    pids.map(async (pid) => {
      const env = await environmentOf(pid)
      const stat = env && (await statOf(pid))
      if (!env || !stat || stat.state === 'Z') return undefined
      return {
        pid,
        jobId: env.get(MARK.job) ?? '',
        runId: env.get(MARK.run) ?? '',
        instance: env.get(MARK.instance) ?? '',
        platform: Number(env.get(MARK.platform)),
        parent: stat.parent,
        startTime: stat.startTime
      }
    })
  )
  return found.filter((process) => process !== undefined)
}

/**
 * Finds the processes that carry our mark and whose platform is gone: a process is given to another parent when its own
 * dies, and what it started itself goes with it. Where there is no /proc, none are found.
 */
export async function findOrphans({ instance }: { instance: string }): Promise<Orphan[]> {
  const marked = new Map((await markedProcesses()).map((process) => [process.pid, process]))
  const isOrphan = (process: Marked): boolean => {
    const parent = marked.get(process.parent)
    return parent ? isOrphan(parent) : process.parent !== process.platform
  }
  return [...marked.values()]
    .filter((process) => process.instance === instance && isOrphan(process))
    .map(({ pid, jobId, runId, startTime }) => ({ pid, jobId, runId, startTime }))
}

/** Finds what a program left behind that its run has not ended with. */
export async function findByRun(runId: string): Promise<Orphan[]> {
  return (await markedProcesses()).filter((process) => process.runId === runId)
}

async function isAlive({ pid, startTime }: Orphan): Promise<boolean> {
  const stat = await statOf(pid)
  return stat !== undefined && stat.state !== 'Z' && stat.startTime === startTime
}

async function signal(orphan: Orphan, name: NodeJS.Signals): Promise<void> {
  if (!(await isAlive(orphan))) return
  try {
    process.kill(orphan.pid, name)
  } catch {
    // It ended between the look and the signal.
  }
}

/** Options of `endProcesses`. */
export interface EndOptions {
  /** Milliseconds between the soft signal and the hard one. */
  graceMs?: number
  clock?: Clock
}

/** Ends processes that are not our children: SIGINT, and SIGKILL for what is left after the grace. */
export async function endProcesses(
  orphans: readonly Orphan[],
  { graceMs = 7_000, clock = systemClock }: EndOptions = {}
): Promise<void> {
  const deadline = clock.monotonic() + graceMs
  await Promise.all(orphans.map((orphan) => signal(orphan, 'SIGINT')))
  let left = [...orphans]
  // The kernel tells nobody but the parent of an end: one has to look.
  while (left.length > 0 && clock.monotonic() < deadline) {
    await new Promise<void>((resolve) => void clock.setTimeout(resolve, 50))
    const alive = await Promise.all(left.map(isAlive))
    left = left.filter((_, index) => alive[index])
  }
  await Promise.all(left.map((orphan) => signal(orphan, 'SIGKILL')))
}

/** Ends what an earlier life of this platform left running, and says what that was. Then `adoptLeftovers` has the files. */
export async function endOrphans({
  instance,
  ...options
}: { instance: string } & EndOptions): Promise<Orphan[]> {
  const orphans = await findOrphans({ instance })
  await endProcesses(orphans, options)
  return orphans
}
