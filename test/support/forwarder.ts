import { connect, createServer, type ListenOptions, type NetConnectOpts } from 'node:net'

/** Hands every connection on to somewhere else. */
export interface Forwarder {
  /** Where it listens; 0 for a path. */
  readonly port: number
  /** Ends every connection, and goes on listening. */
  hangUp(): void
  stop(): Promise<void>
}

/** Listens at one address, on a free port where none is given, or at a path, and pipes what comes to another. */
export async function startForwarder(listen: ListenOptions, to: NetConnectOpts): Promise<Forwarder> {
  const open = new Set<{ destroy(): void }>()
  const server = createServer((near) => {
    const far = connect(to)
    const over = (): void => {
      for (const socket of [near, far]) open.delete(socket.destroy())
    }
    for (const socket of [near, far]) open.add(socket.on('error', over).on('close', over))
    near.pipe(far).pipe(near)
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(listen.path === undefined ? { port: 0, ...listen } : listen, resolve)
  })
  const address = server.address()
  const hangUp = (): void => {
    for (const socket of open) socket.destroy()
  }
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    hangUp,
    async stop() {
      hangUp()
      await new Promise((resolve) => server.close(resolve))
    }
  }
}
