import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import type { Logger } from '@signalbox/plugin'
import { withinDeadline } from '../data/withinDeadline.ts'
import { answerMs, blockMs, destroy, openRedis, trim, type RedisPair } from './openRedis.ts'
import { RedisOutbox } from './RedisOutbox.ts'

export interface RedisStreamOptions {
  /** `redis://` or `rediss://`, with the password that it takes. */
  readonly url: string
  /** The key of the stream. */
  readonly key: string
  readonly log: Logger
}

/** What goes through Redis, since the start. */
export interface RedisStatus {
  readonly state: 'up' | 'down'
  /** Messages that Redis took. */
  readonly sent: number
  /** Messages of others. */
  readonly heard: number
  /** Messages that others were not told: Redis was away, or did not keep up. */
  readonly skipped: number
}

const retryMs = 1000
const flushMs = 1000
/** Entries that are read at once: others have their turn between. */
const readCount = 20
/** What is older is not told any more to a node that hears again. */
const freshMs = 10_000

/**
 * A stream in Redis to which each node writes, and which each reads. Whatever happens to Redis, writing neither waits
 * nor throws: what cannot be sent at once is skipped and counted.
 */
export class RedisStream {
  readonly #options: RedisStreamOptions
  /** By which a node knows what it wrote itself. */
  readonly #from = randomUUID()
  readonly #closing = new AbortController()
  readonly #outbox = new RedisOutbox({ write: (texts) => this.#write(texts) })
  #pair: RedisPair | undefined
  /** The last entry that was read. */
  #position: string | undefined
  #state: 'up' | 'down' | undefined
  #heard = 0

  constructor(options: RedisStreamOptions) {
    this.#options = options
  }

  get status(): RedisStatus {
    const { sent, skipped } = this.#outbox
    return { state: this.#state ?? 'down', sent, heard: this.#heard, skipped }
  }

  /** Sends a message to the others, or skips it. */
  add(message: string): void {
    this.#outbox.add(message)
  }

  /** The next messages of others, in the order of each. Waits for them through any fault, and for ever once closed. */
  async next(): Promise<readonly string[]> {
    const { signal } = this.#closing
    while (!signal.aborted) {
      try {
        const messages = await this.#read()
        this.#heard += messages.length
        if (messages.length) return messages
      } catch (error) {
        this.#turn('down', error as Error)
        await pause(retryMs, undefined, { signal }).catch(() => {})
      }
    }
    // Who reads in a loop would else turn without a pause.
    return new Promise(() => {})
  }

  /** Sends what is on its way, and closes. */
  async close(): Promise<void> {
    this.#outbox.flush()
    this.#closing.abort()
    const pair = this.#pair
    this.#pair = undefined
    if (!pair) return
    await withinDeadline(pair.writer.close(), flushMs).catch(() => {})
    destroy(pair)
  }

  #write(texts: readonly string[]): Promise<unknown> | undefined {
    const pair = this.#pair
    const written = pair?.writer.xAdd(this.#options.key, '*', entryOf(this.#from, texts), trim)
    written?.catch((error: Error) => this.#lose(pair as RedisPair, error))
    return written
  }

  async #read(): Promise<readonly string[]> {
    const pair = (this.#pair ??= await this.#open())
    const late = setTimeout(() => this.#lose(pair, new Error('Redis does not answer.')), answerMs)
    try {
      const { key } = this.#options
      const id = this.#position as string
      const streams = await pair.reader.xRead({ key, id }, { COUNT: readCount, BLOCK: blockMs })
      if (this.#outbox.silence > answerMs) throw new Error('Redis does not answer what is written to it.')
      const entries = streams?.[0]?.messages ?? []
      this.#position = entries.at(-1)?.id ?? id
      return entries.flatMap(({ message }) => (message['from'] === this.#from ? [] : textsOf(message)))
    } catch (error) {
      this.#lose(pair, error as Error)
      throw error
    } finally {
      clearTimeout(late)
    }
  }

  async #open(): Promise<RedisPair> {
    const { url, key } = this.#options
    const opening: { fault?: Error; pair?: RedisPair } = {}
    const onFault = (error: Error): void => {
      opening.fault ??= error
      if (opening.pair) this.#lose(opening.pair, error)
    }
    opening.pair = await openRedis({ url, key, onFault, signal: this.#closing.signal })
    if (opening.fault) {
      destroy(opening.pair)
      throw opening.fault
    }
    this.#position = whereToReadOn(this.#position, opening.pair.mark)
    this.#turn('up')
    return opening.pair
  }

  /** Both connections go together; the read that waits on one of them rejects, and they are opened anew. */
  #lose(pair: RedisPair, error: Error): void {
    if (this.#pair !== pair) return
    this.#pair = undefined
    destroy(pair)
    this.#turn('down', error)
  }

  #turn(state: 'up' | 'down', error?: Error): void {
    if (this.#state === state || this.#closing.signal.aborted) return
    this.#state = state
    const { log } = this.#options
    if (state === 'up') log.info({}, 'Redis answers: named events reach the sockets of every node')
    else
      log.warn(
        { reason: error?.message },
        'Redis fails: named events reach only the sockets of their own node until it is back'
      )
  }
}

/** The texts of one entry stand in fields that are numbered. */
function entryOf(from: string, texts: readonly string[]): Record<string, string> {
  return { from, ...Object.fromEntries(texts.entries()) }
}

function textsOf(entry: Readonly<Record<string, string>>): string[] {
  const texts: string[] = []
  for (let text = entry[0]; text !== undefined; text = entry[texts.length]) texts.push(text)
  return texts
}

/**
 * What came while the connection was away is heard, unless it is old. A Redis that lost the stream, and whose clock is
 * behind, begins with ids below those that were read.
 */
function whereToReadOn(position: string | undefined, mark: string): string {
  if (position === undefined || isAfter(position, mark)) return mark
  const oldest = `${timeOf(mark) - freshMs}-0`
  return isAfter(oldest, position) ? oldest : position
}

function isAfter(one: string, other: string): boolean {
  const [ours, theirs] = [timeOf(one), timeOf(other)]
  return ours === theirs ? placeOf(one) > placeOf(other) : ours > theirs
}

/** Milliseconds since 1970, by the clock of Redis. */
function timeOf(id: string): number {
  return Number(id.split('-')[0])
}

function placeOf(id: string): number {
  return Number(id.split('-')[1])
}
