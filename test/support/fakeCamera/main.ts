import { parseArgs } from 'node:util'
import { startFakeCamera } from './startFakeCamera.ts'

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '8554' },
    user: { type: 'string' },
    password: { type: 'string' },
    ffmpeg: { type: 'string', default: 'ffmpeg' }
  }
})
const { port, user, password, ffmpeg } = values
const login = user !== undefined && password !== undefined ? { username: user, password } : {}
const camera = await startFakeCamera({ port: Number(port), ffmpeg, ...login })

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void camera.stop())
console.log(camera.url('/main', camera.login))
console.log(camera.httpUrl('/stream.ts', camera.login))
