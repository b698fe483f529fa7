import assert from 'node:assert/strict'
import { EventEmitter, once } from 'node:events'
import type { ApiCaller } from './createJob.ts'

/** Clients that create cameras as fast as they are answered, and remember what was acknowledged. */
export interface Writers {
  /** Ids of what was answered with 201, in the order of the answers. */
  readonly acknowledged: readonly string[]
  /** Every other answer, by status; `none` for a request without one. */
  readonly refused: ReadonlyMap<number | 'none', string>
  /** Resolves when so many writes were acknowledged, all in all. */
  reach(count: number): Promise<void>
  /** Ends the clients; resolves when their last requests are over. */
  stop(): Promise<void>
}

export interface WriterOptions {
  readonly clients?: number
  /** Sent with each camera. */
  readonly extra?: object
  /** Goes on where a request fails; without it, a client ends with its first request without an answer. */
  readonly goOn?: boolean
}

/** Starts clients that write through the API. */
export function startWriters(
  caller: ApiCaller,
  { clients = 8, extra = {}, goOn = false }: WriterOptions = {}
): Writers {
  const acknowledged: string[] = []
  const refused = new Map<number | 'none', string>()
  const progress = new EventEmitter()
  progress.setMaxListeners(0)
  const over = new AbortController()

  const write = async (client: number): Promise<void> => {
    for (let count = 1; !over.signal.aborted; count++) {
      const name = `Camera ${client}.${count}`
      try {
        const { status, body } = await caller.api('POST', '/cameras', { name, protocol: 'test', ...extra })
        if (status === 201) acknowledged.push(body.id)
        else refused.set(status, body.message)
      } catch (error) {
        refused.set('none', String(error))
        if (!goOn) return
      }
      progress.emit('answer')
    }
  }
  const ended = Promise.all(Array.from({ length: clients }, (_, client) => write(client)))

  return {
    acknowledged,
    refused,
    async reach(count) {
      while (acknowledged.length < count) {
        const failed = ended.then(() => assert.fail(`the clients ended after ${acknowledged.length} writes`))
        await Promise.race([once(progress, 'answer'), failed])
      }
    },
    async stop() {
      over.abort()
      await ended
    }
  }
}
