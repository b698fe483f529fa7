import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Context } from '@signalbox/plugin'
import { Server } from 'socket.io'
import { startTestPlatform } from '../support/startTestPlatform.ts'
import { inSecondProcess, type SecondProcess } from './inSecondProcess.ts'
import { measure, pairs } from './measure.ts'
import { joinRoom, notes, notesPlugin } from './notes.ts'
import type { ListenerTasks } from './processes/listeners.ts'
import type { Benchmark } from './Row.ts'

const sockets = 500
const rooms = ['north', 'east', 'south', 'west', 'centre']
const ticks = 40
const delivered = sockets * ticks
const event = 'note:read'
const payload = {
  id: '01a1f87f-4d96-749e-b7b4-08f113c46d57',
  by: 'someone@example.org',
  at: '2026-01-01T00:00:00.000Z'
}

type Emit = (room: string) => void

export const fanOut: Benchmark = {
  name: 'fan-out',
  about: `${sockets} sockets of another process stand in ${rooms.length} rooms, and in each of ${ticks} turns of the
event loop an event goes to every room. The figure is what the sending process computes for a message that has arrived:
events that a plugin emits, and beside them those of a plain Socket.IO server. Counted: every message has arrived.`,
  run: async () => {
    const module = new URL('./processes/listeners.ts', import.meta.url)
    const ourListeners = await inSecondProcess<ListenerTasks>(module)
    const peerListeners = await inSecondProcess<ListenerTasks>(module)
    let ctx: Context | undefined
    const platform = await startTestPlatform({
      databaseUrl: undefined,
      plugins: [notesPlugin((started) => (ctx = started))]
    })
    const plain = await startPlainSocketServer()
    try {
      const { token } = await platform.admin()
      await listen(ourListeners, platform.url, token)
      await listen(peerListeners, plain.url, token)
      const results = await pairs(
        () => cpuOfMessage(ourListeners, (room) => ctx?.emit(notes, event, payload, { room })),
        () => cpuOfMessage(peerListeners, (room) => plain.server.to(room).emit(event, payload))
      )
      return [
        {
          what: 'CPU of a message, of plain Socket.IO’s',
          values: results.map(([ours, peer]) => ours / peer),
          unit: '×'
        },
        { what: 'CPU of a message', values: results.map(([ours]) => ours), unit: 'µs' },
        { what: 'CPU of a message, plain Socket.IO', values: results.map(([, peer]) => peer), unit: 'µs' }
      ]
    } finally {
      await plain.server.close()
      await platform.stop()
      await ourListeners.stop()
      await peerListeners.stop()
    }
  }
}

async function listen(listeners: SecondProcess<ListenerTasks>, url: string, token: string): Promise<void> {
  const joined = Array.from({ length: sockets }, (_, n) => rooms[n % rooms.length] as string)
  await listeners.call('connect', { url, token, command: joinRoom.name, rooms: joined })
  await listeners.call('count', event)
}

async function cpuOfMessage(listeners: SecondProcess<ListenerTasks>, emit: Emit): Promise<number> {
  const { cpuSeconds } = await measure(async () => {
    const arrivals = listeners.call('arrivals', delivered)
    for (let tick = 0; tick < ticks; tick++) {
      rooms.forEach(emit)
      await new Promise((resolve) => setImmediate(resolve))
    }
    await arrivals
  })
  return (cpuSeconds / delivered) * 1e6
}

/** What the platform's realtime is made of, and nothing else. */
async function startPlainSocketServer(): Promise<{ readonly url: string; readonly server: Server }> {
  const http = createServer().listen(0, '127.0.0.1')
  await once(http, 'listening')
  const server = new Server(http, { serveClient: false })
  server.on('connection', (socket) => {
    socket.on(joinRoom.name, async (room: string, acknowledge: (error: null) => void) => {
      await socket.join(room)
      acknowledge(null)
    })
  })
  return { url: `http://127.0.0.1:${(http.address() as AddressInfo).port}`, server }
}
