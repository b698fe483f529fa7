import { once } from 'node:events'
import { io, type Socket } from 'socket.io-client'
import { serveTasks } from '../inSecondProcess.ts'

const sockets: Socket[] = []
const logged: LogCount[] = []
let arrival: { readonly count: number; readonly resolve: () => void } | undefined
let arrived = 0

/** What one listener has heard of a job's log. */
export interface LogCount {
  /** Lines that the program printed. */
  lines: number
  /** Lines that were not told, of which it was told how many. */
  dropped: number
}

const tasks = {
  /** Connects `count` sockets; each joins its room, by this command. */
  connect: async ({ url, token, command, rooms }: ConnectOptions): Promise<void> => {
    for (const room of rooms) {
      const socket = io(url, { auth: { token }, transports: ['websocket'], forceNew: true })
      await once(socket as never, 'connect')
      const failure: unknown = await socket.emitWithAck(command, room)
      if (failure) throw new Error(`${command}: ${JSON.stringify(failure)}`)
      sockets.push(socket)
    }
  },
  /** Counts from now on an event on all sockets. */
  count: (event: string): void => {
    for (const socket of sockets) socket.on(event, () => arrive(1))
  },
  /** Resolves when this many have come since the last time. */
  arrivals: (count: number): Promise<void> =>
    new Promise((resolve) => {
      arrival = { count, resolve }
      arrive(0)
    }),
  /** Counts the lines of a job's log from now on, on each socket. */
  countLog: (): void => {
    for (const socket of sockets) {
      const counted: LogCount = { lines: 0, dropped: 0 }
      logged.push(counted)
      socket.on('job:log', ({ line }: { line: string }) => countLines(counted, line))
    }
  },
  /** What has come since `countLog` or the last time, for each socket. */
  takeLog: (): LogCount[] => logged.map((counted) => ({ ...counted }))
}

export interface ConnectOptions {
  readonly url: string
  readonly token: string
  readonly command: string
  /** One for each socket. */
  readonly rooms: readonly string[]
}

export type ListenerTasks = typeof tasks

function arrive(more: number): void {
  arrived += more
  if (!arrival || arrived < arrival.count) return
  arrived -= arrival.count
  arrival.resolve()
  arrival = undefined
}

function countLines(counted: LogCount, text: string): void {
  for (const line of text.split('\n')) {
    const dropped = /^\((\d+) lines dropped\)$/.exec(line)?.[1]
    if (dropped !== undefined) counted.dropped += Number(dropped)
    else if (line.startsWith('measurement ')) counted.lines++
  }
}

serveTasks(tasks)
