import { createClient } from '../signalbox/index.js'

const { SIGNALBOX_URL: url = 'http://127.0.0.1:3030', SIGNALBOX_EMAIL: email = 'admin@signalbox.local' } =
  process.env
const client = createClient({ url })
const user = await client.signIn({ email, password: process.env['SIGNALBOX_PASSWORD'] ?? '' })
console.log(`signed in as ${user.email}`)

client.jobs.on('job:stopped', ({ jobName, status }) => console.log(`job ${jobName}: ${status}`))

process.once('SIGINT', () => client.close())

// The list stays right by itself; each turn of the loop is a change of it, until the client is closed.
const cameras = client.cameras.live({ enabled: true, $sort: { name: 1 } })
for await (const list of cameras) {
  console.log(`cameras: ${list.map(({ name }) => name).join(', ') || 'none'}`)
}
console.log('closed')
