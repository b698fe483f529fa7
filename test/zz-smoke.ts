import { createPlatform, resolveConfig } from '@signalbox/core'
const config = resolveConfig({ input: { port: 3555, dataDirectory: '/tmp/sbdata', log: { level: 'info' }, admin: { email: 'a@b.co', password: 'password1' } } })
const t = performance.now()
const platform = createPlatform(config)
const s = await platform.start()
console.log('ready', s.url, s.generatedPassword, performance.now() - t)
process.on('SIGTERM', () => platform.stop().then(() => console.log('stopped')))
