import { feathers } from '@feathersjs/feathers'
import socketio from '@feathersjs/socketio-client'
import { io } from 'socket.io-client'
import type { ServiceTypes } from '../signalbox/feathers.js'

const { SIGNALBOX_URL: url = 'http://127.0.0.1:3030', SIGNALBOX_EMAIL: email = 'admin@signalbox.local' } =
  process.env
const answer = await fetch(`${url}/api/auth/login`, {
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ email, password: process.env['SIGNALBOX_PASSWORD'] })
})
if (!answer.ok) throw new Error(`the log-in is answered ${answer.status}`)
const { accessToken } = (await answer.json()) as { accessToken: string }

const socket = io(url, { auth: { token: accessToken }, transports: ['websocket'] })
// The package is CommonJS: TypeScript finds its default export one level down, and another build of the socket's types.
const app = feathers<ServiceTypes>().configure(socketio.default(socket as never) as never)

const cameras = await app.service('cameras').find({ query: { enabled: true } })
console.log(`${cameras.length} cameras`)
socket.close()
