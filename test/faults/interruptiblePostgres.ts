import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile, readlink, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { Client } from 'pg'
import { startPostgres } from '../support/postgres.ts'
import { until } from '../support/until.ts'
import { isAlive } from './processes.ts'

/** A Postgres server that a test may take away and give back. */
export interface InterruptiblePostgres {
  readonly url: string
  /** Shuts it down in order (SIGINT), or as in a crash (SIGQUIT); resolves when it is gone. */
  interrupt(signal: 'SIGINT' | 'SIGQUIT'): Promise<void>
  /** Starts it again on the same data and port; resolves when it answers. */
  resume(): Promise<void>
  stop(): Promise<void>
}

/** Starts a server of this test's own. Needs /proc, where it learns how the server was started. */
export async function startInterruptiblePostgres(): Promise<InterruptiblePostgres> {
  const server = await startPostgres()
  const directory = await query(server.url, 'show data_directory')
  const { uid, gid } = await stat(directory)
  let pid = await postmaster(directory)
  const program = await readlink(`/proc/${pid}/exe`)
  const [, ...args] = (await readFile(`/proc/${pid}/cmdline`, 'utf8')).split('\0').filter(Boolean)

  const interrupt = async (signal: 'SIGINT' | 'SIGQUIT'): Promise<void> => {
    process.kill(pid, signal)
    await until('the end of Postgres', async () => !(await isAlive(pid)))
  }
  return {
    url: server.url,
    interrupt,
    async resume() {
      const child = spawn(program, args, { uid, gid, cwd: '/', stdio: 'ignore' })
      await once(child, 'spawn')
      child.unref()
      await until('Postgres', () => query(server.url, 'select 1').catch(() => undefined))
      pid = await postmaster(directory)
    },
    async stop() {
      if (await isAlive(pid)) await interrupt('SIGQUIT')
      await server.stop()
    }
  }
}

async function postmaster(directory: string): Promise<number> {
  return Number((await readFile(join(directory, 'postmaster.pid'), 'utf8')).split('\n')[0])
}

async function query(url: string, sql: string): Promise<string> {
  const client = new Client({ connectionString: url })
  client.on('error', () => {})
  await client.connect()
  try {
    const { rows } = await client.query({ text: sql, rowMode: 'array' })
    return String(rows[0]?.[0])
  } finally {
    await client.end()
  }
}
