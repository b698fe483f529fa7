import { createClient } from '@redis/client'

type Client = ReturnType<typeof connection>

/** The two connections of a node to its stream: a read that waits on one holds up no write on the other. */
export interface RedisPair {
  readonly writer: Client
  readonly reader: Client
  /** The id of an entry that was just written: where to begin reading, and proof that writing is allowed. */
  readonly mark: string
}

export interface OpenRedisOptions {
  readonly url: string
  /** The key of the stream. */
  readonly key: string
  /** Hears of each fault of either connection; both are to be given up then. */
  readonly onFault: (error: Error) => void
  /** Gives the attempt up. */
  readonly signal: AbortSignal
}

/** How long Redis may take to answer; a read waits for the shorter time, so that its answer is a sign of life. */
export const answerMs = 6000
export const blockMs = 2000

/** About so many entries are kept, of some kilobytes at most: what a node that hears again can still be told. */
export const trim = { TRIM: { strategy: 'MAXLEN', strategyModifier: '~', threshold: 4000 } } as const

/** Connects twice and writes a mark; rejects when Redis does not take it in time, with nothing left open. */
export async function openRedis(options: OpenRedisOptions): Promise<RedisPair> {
  const { key, signal } = options
  signal.throwIfAborted()
  const [writer, reader] = [connection(options), connection(options)]
  const giveUp = (): void => destroy({ writer, reader })
  const late = setTimeout(giveUp, answerMs).unref()
  signal.addEventListener('abort', giveUp)
  try {
    await Promise.all([writer.connect(), reader.connect()])
    const mark = await writer.xAdd(key, '*', { mark: '' }, trim)
    signal.throwIfAborted()
    return { writer, reader, mark }
  } catch (error) {
    giveUp()
    throw error
  } finally {
    clearTimeout(late)
    signal.removeEventListener('abort', giveUp)
  }
}

/** Closes both at once. What waits for an answer rejects. */
export function destroy({ writer, reader }: Pick<RedisPair, 'writer' | 'reader'>): void {
  writer.destroy()
  reader.destroy()
}

/** One connection, which does not come back by itself, and keeps nothing for a time when it would be open again. */
function connection({ url, onFault }: OpenRedisOptions) {
  const client = createClient({
    url,
    RESP: 2,
    clientInfoTag: 'signalbox',
    disableOfflineQueue: true,
    maintNotifications: 'disabled',
    // Its limit is on the time until a command is written, and costs a timer for each.
    commandOptions: { timeout: 0 },
    socket: { reconnectStrategy: false, connectTimeout: answerMs }
  })
  // An attempt to connect that is given up cannot be ended; it does not keep the process either.
  client.unref()
  return client.on('error', onFault)
}
