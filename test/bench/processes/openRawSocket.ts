import { WebSocket } from 'ws'

export interface RawSocketOptions {
  /** Of the server, without a path. */
  readonly url: string
  readonly token?: string | undefined
  /** The address of this end; a server has as many ports again for each. */
  readonly from?: string
  /** Hears each event: the JSON of its name and its arguments. */
  readonly onEvent: (json: Buffer) => void
}

/** How messages begin: Engine.IO's type, and Socket.IO's where the first is that of a message. */
const types = { open: '0', ping: '2', pong: '3', connect: '40', event: '42', refuse: '44' }

/**
 * The least that speaks Socket.IO, so that many listeners cost little: a WebSocket, the token, an answer to each ping.
 * Resolves when the server has let it in.
 */
export function openRawSocket({ url, token, from, onEvent }: RawSocketOptions): Promise<WebSocket> {
  const address = `${url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`
  const socket = new WebSocket(address, {
    perMessageDeflate: false,
    ...(from !== undefined && { localAddress: from })
  })
  return new Promise((resolve, reject) => {
    socket.on('error', reject)
    socket.on('message', (data: Buffer) => {
      const type = data.toString('latin1', 0, 2)
      if (type === types.event) onEvent(data.subarray(2))
      else if (type === types.ping) socket.send(types.pong)
      else if (type === types.connect) resolve(socket)
      else if (type === types.refuse) reject(new Error(`not let in: ${data.toString()}`))
      else if (type.startsWith(types.open)) socket.send(`${types.connect}${JSON.stringify({ token })}`)
    })
  })
}
