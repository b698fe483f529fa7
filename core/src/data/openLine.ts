import { Client } from 'pg'
import { columnTypes } from './columnTypes.ts'
import type { Line } from './Line.ts'
import { breakConnection } from './connectionOf.ts'
import type { Log } from './Log.ts'
import type { ServerSilence } from './serverSilence.ts'
import { withinDeadline } from './withinDeadline.ts'

const heartbeatMs = 250
const answerMs = 700
const reconnectMs = { first: 100, most: 2000 }
const noAnswer = 'The line to the database does not answer.'
const unreachable = new Set(['ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH', 'EHOSTDOWN', 'ENETDOWN'])

export interface LineOptions {
  readonly url: string
  readonly channel: string
  readonly log?: Log | undefined
  /** Hears when the line falls silent. */
  readonly silence?: Pick<ServerSilence, 'suspect' | 'confirm' | 'over'>
}

/**
 * Opens a line to a server and keeps it open: one that broke, or that does not answer a sign of life, is replaced.
 * What was committed and notified before an answered heartbeat has been heard, so that a silent line is no stale one.
 */
export async function openLine({ url, channel, log, silence }: LineOptions): Promise<Line> {
  const noticed = new Set<(text: string) => void>()
  const turned = new Set<(up: boolean) => void>()
  let client: Client | undefined
  let opening: Client | undefined
  let closed = false
  let pause = reconnectMs.first
  let retry: NodeJS.Timeout | undefined
  let asking = false
  /** A connection answers one query after the other. */
  let turn: Promise<void> = Promise.resolve()

  async function connect(): Promise<void> {
    const fresh = new Client({
      connectionString: url,
      application_name: 'signalbox line',
      connectionTimeoutMillis: 5000,
      keepAlive: true,
      types: columnTypes
    })
    opening = fresh
    fresh.on('error', (error) => lose(fresh, error))
    fresh.on('end', () => lose(fresh, new Error('the server closed it')))
    fresh.on('notification', ({ processId, payload = '' }) => {
      const own = (fresh as { readonly processID?: number }).processID
      if (processId !== own) noticed.forEach((listener) => listener(payload))
    })
    try {
      await fresh.connect()
      await answered(fresh.query(`listen "${channel}"`), () => breakConnection(fresh))
    } catch (error) {
      breakConnection(fresh)
      if (isSilence(error)) silence?.confirm()
      throw error
    } finally {
      opening = undefined
    }
    if (closed) return breakConnection(fresh)
    client = fresh
    silence?.over()
    turn = Promise.resolve()
    pause = reconnectMs.first
    turned.forEach((listener) => listener(true))
  }

  function lose(lost: Client, error: Error): void {
    if (client !== lost) return
    client = undefined
    breakConnection(lost)
    if (closed) return
    silence?.suspect()
    log?.warn({ err: error }, 'The line to the other nodes broke; opening it again')
    turned.forEach((listener) => listener(false))
    reconnect()
  }

  function reconnect(): void {
    retry = setTimeout(() => {
      connect().catch(() => {
        pause = Math.min(pause * 2, reconnectMs.most)
        if (!closed) reconnect()
      })
    }, pause)
  }

  async function query<Row>(text: string, values: readonly unknown[] = []): Promise<readonly Row[]> {
    const asked = client
    if (!asked) throw new Error('The line to the database is down.')
    const answer = turn.then(async () => {
      if (client !== asked) throw new Error('The line to the database broke.')
      return (await asked.query<Row & object>(text, [...values])).rows
    })
    turn = answer.then(ignore, ignore)
    return answered(answer, () => lose(asked, new Error(`no answer within ${answerMs} ms`)))
  }

  const heartbeat = setInterval(() => {
    if (asking || !client) return
    asking = true
    // A line that does not answer is replaced by then.
    const over = (): void => void (asking = false)
    query('select 1').then(over, over)
  }, heartbeatMs)

  try {
    await connect()
  } catch (error) {
    clearInterval(heartbeat)
    throw error
  }
  return {
    get up() {
      return client !== undefined
    },
    query,
    onNotice: (listener) => void noticed.add(listener),
    onTurn: (listener) => void turned.add(listener),
    close: async () => {
      closed = true
      clearInterval(heartbeat)
      clearTimeout(retry)
      if (opening) breakConnection(opening)
      const last = client
      client = undefined
      if (last && !(await withinDeadline(last.end(), answerMs))) breakConnection(last)
    }
  }
}

function ignore(): void {}

/** A loop that was held up reads late what came in time: what waits in the socket is read before the verdict. */
async function answered<T>(answer: Promise<T>, onLate: () => void): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  let over = false
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      setImmediate(() => {
        if (over) return
        onLate()
        reject(new Error(noAnswer))
      })
    }, answerMs)
  })
  try {
    return await Promise.race([answer, late])
  } finally {
    over = true
    clearTimeout(timer)
    late.catch(() => {})
  }
}

/** Whether a try to connect met with no answer at all. A server that refuses is no silent one. */
function isSilence(error: unknown): boolean {
  const { code = '', message } = error as NodeJS.ErrnoException
  return unreachable.has(code) || message === 'timeout expired' || message === noAnswer
}
