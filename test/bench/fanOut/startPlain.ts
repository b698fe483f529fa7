import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Server } from 'socket.io'
import { recordOf } from './recordOf.ts'
import type { Teller } from './Teller.ts'

/** What the platform's realtime is made of, and nothing else: all sockets stand in one room. Nothing is stored. */
export async function startPlain(): Promise<Teller> {
  const http = createServer().listen(0, '127.0.0.1')
  await once(http, 'listening')
  const server = new Server(http, { serveClient: false })
  server.on('connection', (socket) => socket.join('all'))
  let seq = 0

  return {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
    events: ['note:read', 'note-changed', 'notes created'],
    messagesOfRecord: 2,
    tell: (reading) => void server.to('all').emit('note:read', reading),
    create: async (note) => {
      const record = recordOf(note)
      const { id, version, createdAt: at } = record
      const change = { id, action: 'created', seq: ++seq, at, version, record }
      server.to('all').emit('note-changed', change)
      server.to('all').emit('notes created', record)
    },
    stop: () => server.close()
  }
}
