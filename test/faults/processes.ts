import { readdir, readFile } from 'node:fs/promises'

/** Whether a process lives; one that has ended and was not collected does not. */
export async function isAlive(pid: number): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, 'latin1').catch(() => undefined)
  return stat !== undefined && stat[stat.lastIndexOf(')') + 2] !== 'Z'
}

/** The pids of the processes that were started with this text in their environment. */
export async function startedWith(text: string): Promise<number[]> {
  const names = await readdir('/proc')
  const pids = names.filter((name) => /^\d+$/.test(name)).map(Number)
  const found: number[] = []
  for (const pid of pids) {
    const environment = await readFile(`/proc/${pid}/environ`, 'latin1').catch(() => '')
    if (environment.includes(text) && (await isAlive(pid))) found.push(pid)
  }
  return found
}
