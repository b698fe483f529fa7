import { once } from 'node:events'
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

/** Engine.IO's types in the first byte of a message, Socket.IO's in the second. */
const ping = '2'.charCodeAt(0)
const message = '4'.charCodeAt(0)
const event = '2'.charCodeAt(0)

/**
 * The least that speaks Socket.IO, so that many listeners cost little: a WebSocket, the token, an answer to each ping.
 * Resolves when the server has let it in.
 */
export async function openRawSocket({ url, token, from, onEvent }: RawSocketOptions): Promise<WebSocket> {
  const address = `${url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`
  const socket = new WebSocket(address, {
    perMessageDeflate: false,
    ...(from !== undefined && { localAddress: from })
  })
  await nextMessage(socket)
  socket.send(`40${JSON.stringify({ token })}`)
  const answer = await nextMessage(socket)
  if (!answer.startsWith('40')) throw new Error(`not let in: ${answer}`)
  socket.on('message', (data: Buffer) => {
    if (data[0] === message && data[1] === event) onEvent(data.subarray(2))
    else if (data[0] === ping) socket.send('3')
  })
  return socket
}

async function nextMessage(socket: WebSocket): Promise<string> {
  const [data] = (await once(socket, 'message')) as [Buffer]
  return data.toString()
}
