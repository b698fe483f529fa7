import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { feathers } from '@feathersjs/feathers'
import socketio from '@feathersjs/socketio'
import { recordOf } from './recordOf.ts'
import type { Note, Teller } from './Teller.ts'

/**
 * A Feathers application as its generator makes one: each connection joins a channel, to which all is published.
 * Nothing is stored.
 */
export async function startFeathers(): Promise<Teller> {
  const app = feathers()
  app.configure(socketio())
  app.use('notes', { create: async (note: Note) => recordOf(note) }, { events: ['read'] })
  app.on('connection', (connection) => app.channel('all').join(connection))
  app.publish(() => app.channel('all'))
  const http = await app.listen({ port: 0, host: '127.0.0.1' })
  if (!http.listening) await once(http, 'listening')

  return {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
    events: ['notes read', 'notes created'],
    messagesOfRecord: 1,
    tell: (reading) => void app.service('notes').emit('read', reading),
    create: (note) => app.service('notes').create(note),
    stop: async () => void (await app['io'].close())
  }
}
