import type { WebSocket } from 'ws'
import { serveTasks } from '../inSecondProcess.ts'
import { percentile } from '../measure.ts'
import { openRawSocket } from './openRawSocket.ts'

export interface AudienceOptions {
  readonly url: string
  readonly token?: string | undefined
  readonly sockets: number
  /** The events that are counted. */
  readonly events: readonly string[]
  /** What lets a socket in to where it is told: the name of a command and its input. */
  readonly join?: readonly [command: string, input: string]
}

/** What has arrived on all sockets together. */
export interface Heard {
  readonly messages: number
  readonly bytes: number
  /** Of the messages that say in `at` when they were sent: how long they took, in milliseconds. */
  readonly delay: { readonly p50: number; readonly p99: number }
}

const sockets: WebSocket[] = []
let delays: number[] = []
let messages = 0
let bytes = 0
let awaited: { readonly count: number; readonly resolve: (heard: Heard) => void } | undefined

const tasks = {
  /** Opens the sockets; resolves when all stand where they are told. */
  connect: async ({ sockets: count, ...options }: AudienceOptions): Promise<void> => {
    for (let n = 0; n < count; n++) sockets.push(await open(options))
  },
  /** Resolves when so many messages have come since the last time. */
  heard: (count: number): Promise<Heard> =>
    new Promise((resolve) => {
      awaited = { count, resolve }
      settle()
    })
}

export type AudienceTasks = typeof tasks

async function open({ url, token, events, join }: Omit<AudienceOptions, 'sockets'>): Promise<WebSocket> {
  const counted = events.map((event) => `["${event}",`)
  const longest = Math.max(...counted.map((start) => start.length))
  let joined = (): void => {}
  const socket = await openRawSocket({
    url,
    token,
    onEvent: (json) => {
      const start = json.toString('latin1', 0, longest)
      if (counted.some((one) => start.startsWith(one))) hear(json)
      else if (start.startsWith('["joined"')) joined()
    }
  })
  if (join) {
    const there = new Promise<void>((resolve) => (joined = resolve))
    socket.send(`42${JSON.stringify(join)}`)
    await there
  }
  return socket
}

function hear(json: Buffer): void {
  messages++
  bytes += json.length
  const sent = /"at":(\d+)/.exec(json.toString('latin1', 0, 150))?.[1]
  if (sent !== undefined) delays.push((Number(process.hrtime.bigint() / 1000n) - Number(sent)) / 1000)
  settle()
}

function settle(): void {
  if (!awaited || messages < awaited.count) return
  awaited.resolve({
    messages,
    bytes,
    delay: { p50: percentile(delays, 0.5), p99: percentile(delays, 0.99) }
  })
  awaited = undefined
  messages = 0
  bytes = 0
  delays = []
}

serveTasks(tasks)
