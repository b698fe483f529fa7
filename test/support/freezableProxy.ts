import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

/** A way to a server, such as a Postgres, on which silence can fall: connections stay open, and nothing gets through. */
export interface FreezableProxy {
  readonly url: string
  /** Silences the connections that `matches` chooses by the name of their application, new ones too. */
  freeze(matches: (application: string) => boolean): void
  /** Breaks every connection; new ones get through. */
  cut(): void
  /** Breaks every connection, and lets none through. */
  shut(): void
  /** Lets new connections through; those that were silenced stay so. */
  thaw(): void
  stop(): Promise<void>
}

interface Pair {
  readonly client: Socket
  readonly server: Socket
  application: string
}

export async function startFreezableProxy(url: string): Promise<FreezableProxy> {
  const target = new URL(url)
  const pairs = new Set<Pair>()
  let isFrozen = (_application: string): boolean => false
  let isShut = false
  const cut = (): void => {
    for (const { client, server } of pairs) [client, server].forEach((socket) => socket.destroy())
  }

  const proxy = createServer((client) => {
    if (isShut) {
      client.destroy()
      return
    }
    const server = connect(Number(target.port), target.hostname)
    const pair: Pair = { client, server, application: '' }
    pairs.add(pair)
    const over = (): void => {
      pairs.delete(pair)
      client.destroy()
      server.destroy()
    }
    for (const socket of [client, server]) socket.on('error', over).on('close', over)
    // The first message of a connection names its application.
    client.once('data', (first) => {
      const words = first.toString('latin1').split('\0')
      pair.application = words[words.indexOf('application_name') + 1] ?? ''
      if (isFrozen(pair.application)) return
      server.write(first)
      client.pipe(server)
      server.pipe(client)
    })
  })
  await new Promise<void>((resolve) => {
    proxy.listen(0, '127.0.0.1', resolve)
  })
  const through = new URL(url)
  through.hostname = '127.0.0.1'
  through.port = String((proxy.address() as AddressInfo).port)

  return {
    url: through.href,
    freeze(matches) {
      isFrozen = matches
      for (const { client, server, application } of pairs) {
        if (!matches(application)) continue
        client.unpipe().pause()
        server.unpipe().pause()
      }
    },
    cut,
    shut() {
      isShut = true
      cut()
    },
    thaw() {
      isFrozen = () => false
      isShut = false
    },
    async stop() {
      cut()
      await new Promise((resolve) => proxy.close(resolve))
    }
  }
}
