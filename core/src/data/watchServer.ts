import type { Pool } from 'pg'
import { errorText } from './dataError.ts'
import type { Log } from './Log.ts'

/** What is known of a server without asking it. */
export interface ServerWatch {
  state(): 'up' | 'down'
  stop(): void
}

const EVERY_MS = 5000

/**
 * Asks a Postgres server for a sign of life every few seconds. A pool with all its connections in use is not
 * asked: it would answer late, and its queries say enough.
 */
export function watchServer(pool: Pool, log?: Log): ServerWatch {
  let state: 'up' | 'down' = 'up'
  let asking = false

  function become(next: 'up' | 'down', reason: string) {
    if (next === state) return
    state = next
    log?.[next === 'up' ? 'info' : 'error']({}, `the database is ${next}${reason}`)
  }

  async function ask() {
    if (asking || (pool.idleCount === 0 && pool.totalCount >= pool.options.max)) return
    asking = true
    try {
      await pool.query('select 1')
      become('up', '')
    } catch (error) {
      if (!pool.ending) become('down', `: ${errorText(error)}`)
    } finally {
      asking = false
    }
  }

  const timer = setInterval(() => void ask(), EVERY_MS)
  timer.unref()
  pool.on('connect', () => become('up', ''))
  pool.on('error', (error) => {
    become('down', `: ${errorText(error)}`)
    void ask()
  })

  return { state: () => state, stop: () => clearInterval(timer) }
}
