// Preloaded into the process that `signalbox dev` starts: tells the supervisor what is loaded, and stops the platform
// when the supervisor says so or is gone.
import { register } from 'node:module'
import { MessageChannel } from 'node:worker_threads'

const { port1, port2 } = new MessageChannel()
register('./sourceHooks.js', import.meta.url, { data: { port: port2 }, transferList: [port2] })

const tell = (path: string): void => {
  // The supervisor may be gone already.
  if (process.connected) process.send?.(path, undefined, {}, () => {})
}
const stop = (): void => {
  if (!process.emit('SIGTERM', 'SIGTERM')) process.exit(0)
}

port1.on('message', tell).unref()
process.on('message', stop)
process.on('disconnect', stop)
// Neither keeps a platform that has stopped.
process.channel?.unref()
