import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { io, type Socket } from 'socket.io-client'
import { instanceName } from '../../core/src/platform/instanceName.ts'
import {
  startPlatformProcess,
  type PlatformProcess,
  type PlatformProcessOptions
} from './startPlatformProcess.ts'

/** A platform that shares its database with others, as a process with a data directory of its own. */
export interface NodeProcess extends PlatformProcess {
  /** How its leases name it. */
  readonly instance: string
  /** A connected socket of the administrator, with all that it has heard of cameras. */
  listen(): Promise<Listener>
}

export interface Listener {
  readonly socket: Socket
  readonly heard: readonly { readonly id: string; readonly seq: number; readonly action: string }[]
}

export interface NodesOptions extends Pick<
  PlatformProcessOptions,
  'recorder' | 'redisUrl' | 'environment' | 'plugins' | 'network'
> {
  readonly directory: string
  readonly names: readonly string[]
}

/** Starts nodes of one deployment, one after the other: the first holds what there is to hold. */
export async function startNodes(
  databaseUrl: string,
  { directory, names, ...options }: NodesOptions
): Promise<NodeProcess[]> {
  const nodes: NodeProcess[] = []
  for (const name of names) {
    const own = join(directory, name)
    await mkdir(own, { recursive: true })
    const platform = await startPlatformProcess({
      ...options,
      directory: own,
      databaseUrl,
      secret: 'of all nodes'
    })
    const instance = await instanceName(join(own, 'data'))
    nodes.push({ ...platform, instance, listen: () => listen(platform) })
  }
  return nodes
}

async function listen({ url, token }: PlatformProcess): Promise<Listener> {
  const heard: { id: string; seq: number; action: string }[] = []
  const socket = io(url, { auth: { token }, transports: ['websocket'], forceNew: true, reconnection: false })
  socket.on('camera-changed', (change: (typeof heard)[number]) => heard.push(change))
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve)
    socket.once('connect_error', reject)
  })
  return { socket, heard }
}
