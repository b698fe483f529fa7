import { once } from 'node:events'
import { io, type Socket } from 'socket.io-client'
import { serveTasks } from '../inSecondProcess.ts'

const sockets: Socket[] = []
let told = 0

const tasks = {
  /** Connects one socket for each token, some at a time. */
  connect: async (url: string, tokens: readonly string[]): Promise<void> => {
    const waiting = [...tokens]
    const connectSome = async (): Promise<void> => {
      for (let token = waiting.pop(); token !== undefined; token = waiting.pop()) {
        const socket = io(url, { auth: { token }, transports: ['websocket'], forceNew: true })
        socket.on('reset', () => told++)
        await once(socket as never, 'hello')
        sockets.push(socket)
      }
    }
    await Promise.all(Array.from({ length: 20 }, connectSome))
  },
  /** How many times a socket was told `reset` since the last time. */
  takeResets: (): number => {
    const count = told
    told = 0
    return count
  }
}

export type CrowdTasks = typeof tasks

serveTasks(tasks)
