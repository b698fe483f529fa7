import { createAdapter } from '@socket.io/redis-streams-adapter'
import type { Namespace } from 'socket.io'
import { Adapter, MessageType, type BroadcastOptions, type ClusterMessage } from 'socket.io-adapter'
import type { RedisStream } from './RedisStream.ts'

/** The parts of the adapter that its types hide. */
interface ClusterAdapter extends Adapter {
  publish(message: object): void
  onMessage(message: ClusterMessage, offset?: string): void
}

/** How Socket.IO's protocol numbers an event, among what else a client could be sent. */
const eventPacket = 2

type Broadcast = Extract<ClusterMessage, { type: MessageType.BROADCAST }>

/**
 * Socket.IO's Redis-streams adapter, of which this takes two things: how an event is written into a stream, and how it
 * is told to the sockets of the node that reads it. All else of a cluster stays local: nobody else makes the sockets of
 * this node join, leave or disconnect, or asks who they are.
 *
 * @param isTrusted whether this node may tell its sockets what others send
 */
export function redisAdapter(
  stream: RedisStream,
  isTrusted: () => boolean
): (namespace: Namespace) => Adapter {
  // What the adapter asks of a client of the form of `redis`, by whose sSubscribe it knows that. A real one would let
  // it try again without a pause where Redis fails, and answer questions about sockets over Pub/Sub.
  const client = {
    sSubscribe: () => {},
    subscribe: () => {},
    on: () => {},
    connect: async () => {},
    disconnect: () => {},
    duplicate: () => client,
    xRead: async () => [{ messages: (await stream.next()).map(entryOf) }],
    xAdd: async (_key: string, _id: string, { data }: { readonly data: string }) => {
      stream.add(data)
      return ''
    }
  }
  const open = createAdapter(client)

  // Socket.IO calls it with new.
  return function openNamespace(namespace) {
    const adapter = open(namespace) as unknown as ClusterAdapter
    const tell = adapter.onMessage.bind(adapter)
    // Its own would wait for Redis before it tells the sockets of this node.
    adapter.broadcast = (packet: unknown, options) => {
      Adapter.prototype.broadcast.call(adapter, packet, options)
      if (!options.flags?.local)
        adapter.publish({ type: MessageType.BROADCAST, data: { packet, opts: onWire(options) } })
    }
    adapter.onMessage = (message, offset) => {
      if (!isTrusted() || !isEvent(message)) return
      // An event is encoded before it is known whether anybody hears it.
      if (message.data.opts.rooms.some((room) => adapter.rooms.has(room))) tell(message, offset)
    }
    return adapter
  }
}

/** An event as the adapter would have written it: all that it writes here are events for the one namespace. */
function entryOf(data: string) {
  return { id: '', message: { uid: 'another', nsp: '/', type: String(MessageType.BROADCAST), data } }
}

function onWire({ rooms, except = new Set() }: BroadcastOptions): Broadcast['data']['opts'] {
  return { rooms: [...rooms], except: [...except], flags: {} }
}

/** Whether a message is what it should be: others may write into the stream too. */
function isEvent(message: ClusterMessage): message is Broadcast {
  const { data } = message as { data?: Partial<Broadcast['data']> }
  const packet = data?.packet as { readonly type?: unknown; readonly data?: unknown } | undefined
  return (
    message.type === MessageType.BROADCAST &&
    data?.requestId === undefined &&
    Array.isArray(data?.opts?.rooms) &&
    Array.isArray(data.opts.except) &&
    packet?.type === eventPacket &&
    Array.isArray(packet.data)
  )
}
