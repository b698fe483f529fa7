import { draft7 } from './draft7.ts'
import type { Exchange, ExchangeRoom } from './Exchange.ts'
import type { JsonSchema } from './JsonSchema.ts'
import { schemaRef } from './schemaNames.ts'

/** The channels and operations of an AsyncAPI document. */
export interface Channels {
  readonly channels: Readonly<Record<string, Channel>>
  readonly operations: Readonly<Record<string, Operation>>
}

export interface Channel {
  /** The name of the Socket.IO event; null for acknowledgements, which have none. */
  readonly address: string | null
  readonly messages: Record<string, Message>
}

export interface Message {
  readonly name: string
  readonly summary: string
  readonly payload: JsonSchema
}

export interface Operation {
  readonly action: Exchange['action']
  readonly channel: Ref
  readonly summary: string
  readonly messages: readonly Ref[]
  readonly reply?: { readonly channel: Ref; readonly messages: readonly Ref[] }
  readonly 'x-permission'?: string
  readonly 'x-room'?: ExchangeRoom
}

export interface Ref {
  readonly $ref: string
}

const acknowledgements = 'acknowledgement'
const failure = 'error'

/** Writes one channel for each event name and one operation for each exchange. */
export function writeChannels(exchanges: readonly Exchange[]): Channels {
  const channelKey = keyMaker([acknowledgements])
  const operationKey = keyMaker()
  const channels: Record<string, Channel> = { [acknowledgements]: acknowledgementChannel() }

  const say = (
    address: string | null,
    message: Message
  ): { readonly channel: Ref; readonly message: Ref } => {
    const key = address === null ? acknowledgements : channelKey(address)
    const channel = (channels[key] ??= { address, messages: {} })
    channel.messages[message.name] = { ...message, payload: draft7(message.payload) }
    return { channel: ref('channels', key), message: ref('channels', key, 'messages', message.name) }
  }

  const operation = (exchange: Exchange): Operation => {
    const { id, action, address, summary, payload, reply, permission, room } = exchange
    const name = operationKey(id)
    const said = say(address, { name, summary, payload })
    const answered = reply && say(reply.address, { name: `${name}.reply`, summary, payload: reply.payload })
    const failed = reply?.address === null ? [ref('channels', acknowledgements, 'messages', failure)] : []
    return {
      action,
      channel: said.channel,
      summary,
      messages: [said.message],
      ...(answered && { reply: { channel: answered.channel, messages: [answered.message, ...failed] } }),
      ...(permission !== undefined && { 'x-permission': permission }),
      ...(room && { 'x-room': room })
    }
  }

  const operations = Object.fromEntries(
    exchanges.map((exchange) => [operationKey(exchange.id), operation(exchange)])
  )
  return { channels, operations }
}

/** A call is acknowledged with `(null, result)` or with `(error)`. */
function acknowledgementChannel(): Channel {
  const payload = draft7({ type: 'array', prefixItems: [schemaRef('Error')], minItems: 1, items: false })
  return { address: null, messages: { [failure]: { name: failure, summary: 'The call failed', payload } } }
}

function ref(...segments: readonly string[]): Ref {
  return { $ref: `#/${segments.join('/')}` }
}

/** Makes keys that AsyncAPI allows, one for each text: `cameras created` → `cameras.created`, `job:log` → `job-log`. */
function keyMaker(taken: readonly string[] = []): (text: string) => string {
  const used = new Set(taken)
  const keys = new Map<string, string>()
  return (text) => {
    let key = keys.get(text)
    if (key !== undefined) return key
    key = text.replaceAll(/[ /]/g, '.').replaceAll(/[^\w.-]/g, '-')
    while (used.has(key)) key += '_'
    used.add(key)
    keys.set(text, key)
    return key
  }
}
