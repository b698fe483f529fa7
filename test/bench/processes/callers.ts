import { once } from 'node:events'
import { io, type Socket } from 'socket.io-client'
import { serveTasks } from '../inSecondProcess.ts'

let socket: Socket
let flooding = false
let answered = 0
let refused = 0

const tasks = {
  connect: async (url: string, token: string): Promise<void> => {
    socket = io(url, { auth: { token }, transports: ['websocket'], forceNew: true })
    await once(socket as never, 'connect')
  },
  /** Makes `count` calls, one after the other; the 99th percentile of the time to their answers, in milliseconds. */
  p99: async (id: string, count: number): Promise<number> => {
    const times: number[] = []
    for (let n = 0; n < count; n++) {
      const started = performance.now()
      const [error, record] = await get(id)
      if (error || record?.id !== id) throw new Error(`a wrong answer: ${JSON.stringify(error)}`)
      times.push(performance.now() - started)
    }
    return times.toSorted((one, other) => one - other)[Math.floor(count * 0.99)] as number
  },
  /** Keeps `pressure` calls under way from now on. */
  flood: (id: string, pressure: number): void => {
    answered = 0
    refused = 0
    flooding = true
    for (let n = 0; n < pressure; n++) void again(id)
  },
  stopFlood: (): { readonly answered: number; readonly refused: number } => {
    flooding = false
    return { answered, refused }
  }
}

export type CallerTasks = typeof tasks

async function again(id: string): Promise<void> {
  const [error] = await get(id)
  if (error) refused++
  else answered++
  if (flooding) void again(id)
}

function get(id: string): Promise<[{ readonly code: number } | null, { readonly id: string } | undefined]> {
  return new Promise((resolve) => {
    socket.emit('get', 'notes', id, (error: { code: number } | null, record?: { id: string }) =>
      resolve([error, record])
    )
  })
}

serveTasks(tasks)
