import { createPlatform, resolveConfig, type ConfigInput, type PlatformOptions } from '@signalbox/core'
import { io, type Socket } from 'socket.io-client'
import { temporaryDirectory } from '../temporaryDirectory.ts'
import { unlimited } from '../unlimited.ts'
import { callApi } from './callApi.ts'
import { administrator, peopleOf } from './people.ts'
import type { OpenPlatform } from './OpenPlatform.ts'

/**
 * Starts a platform on a free port, with an administrator whose password is known. What `config` says wins; without a
 * `dataDirectory` it gets one of its own.
 */
export async function startPlatform(
  config: ConfigInput = {},
  options: PlatformOptions = {}
): Promise<OpenPlatform> {
  const directory = config.dataDirectory === undefined ? await temporaryDirectory() : undefined
  const dataDirectory = config.dataDirectory ?? directory?.path ?? ''
  const input = {
    port: 0,
    log: { level: 'silent' },
    timeZone: 'UTC',
    limits: unlimited,
    ...config,
    dataDirectory,
    admin: administrator
  } as const
  const sockets: Socket[] = []
  const { platform, started } = await start().catch(async (error: unknown) => {
    await directory?.remove()
    throw error
  })
  const { url } = started

  async function start() {
    const made = createPlatform(resolveConfig({ input }), options)
    return { platform: made, started: await made.start() }
  }

  const unconnected = (auth: object): Socket => {
    const { origin, pathname } = new URL(url)
    const path = `${pathname.replace(/\/$/, '')}/socket.io`
    const socket = io(origin, { path, auth, transports: ['websocket'], autoConnect: false, forceNew: true })
    sockets.push(socket)
    return socket
  }
  return {
    ...started,
    dataDirectory,
    unconnected,
    api: (method, path, body, headers) => callApi({ url, method, path, body, ...(headers && { headers }) }),
    ...peopleOf({ url, unconnected }),
    settled: async () => {
      await started.drain()
      await Promise.all(sockets.filter(({ connected }) => connected).map(roundTrip))
    },
    stop: async ({ keep = false } = {}) => {
      sockets.forEach((socket) => socket.disconnect())
      await platform.stop()
      if (!keep) await directory?.remove()
    }
  }
}

/** What was sent to a socket before its answer has been heard when the answer is. */
async function roundTrip(socket: Socket): Promise<void> {
  await socket.timeout(10_000).emitWithAck('find', 'health', {})
}
