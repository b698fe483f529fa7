import type { WebSocket } from 'ws'
import { serveTasks } from '../inSecondProcess.ts'
import { openRawSocket } from './openRawSocket.ts'

export interface RushOptions {
  readonly url: string
  /** One for each socket. */
  readonly tokens: readonly string[]
  /** How many are on their way in at any moment. */
  readonly atOnce: number
  /** This end's address. */
  readonly from: string
}

const bell = Buffer.from(':bell"')
const sockets: WebSocket[] = []
let bells = 0
let awaited: { readonly count: number; readonly resolve: () => void } | undefined

const tasks = {
  /** Connects one socket for each token; resolves when the last one is told that it stands in its rooms. */
  connect: async ({ url, tokens, atOnce, from }: RushOptions): Promise<void> => {
    const waiting = [...tokens]
    const connectSome = async (): Promise<void> => {
      for (let token = waiting.pop(); token !== undefined; token = waiting.pop())
        sockets.push(await enter(url, token, from))
    }
    await Promise.all(Array.from({ length: atOnce }, connectSome))
  },
  /** Resolves when so many bells have rung since the last time. */
  bells: (count: number): Promise<void> =>
    new Promise((resolve) => {
      awaited = { count, resolve }
      ring(0)
    }),
  /** Cuts all sockets at once, without a word. */
  cut: (): void => {
    for (const socket of sockets.splice(0)) socket.terminate()
  }
}

export type RushTasks = typeof tasks

async function enter(url: string, token: string, from: string): Promise<WebSocket> {
  let greeted = (): void => {}
  const inside = new Promise<void>((resolve) => (greeted = resolve))
  const onEvent = (json: Buffer): void => {
    if (json.includes(bell)) ring(1)
    else if (json.toString('latin1', 0, 8) === '["hello"') greeted()
  }
  const socket = await openRawSocket({ url, token, from, onEvent })
  await inside
  return socket
}

function ring(more: number): void {
  bells += more
  if (!awaited || bells < awaited.count) return
  bells -= awaited.count
  awaited.resolve()
  awaited = undefined
}

serveTasks(tasks)
