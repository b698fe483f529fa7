import { readFile } from 'node:fs/promises'

/** What the kernel counts in, on every Linux that Node runs on. */
const ticksPerSecond = 100

/** Seconds that these processes have computed so far (Linux). */
export async function cpuOf(pids: readonly number[]): Promise<number> {
  const seconds = await Promise.all(pids.map(secondsOf))
  return seconds.reduce((sum, one) => sum + one, 0)
}

async function secondsOf(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8')
  // The name, in brackets, may hold spaces; 14 and 15 are the times in user and kernel mode, proc(5).
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond
}
