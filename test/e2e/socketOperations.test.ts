import assert from 'node:assert/strict'
import { recorder } from '@signalbox/recorder'
import type { Socket } from 'socket.io-client'
import { weather } from '../../examples/weather/plugin.ts'
import { startStation, type Station } from '../support/startStation.ts'
import { startTestPlatform, type TestClient, type TestPlatform } from '../support/startTestPlatform.ts'
import { until } from '../support/until.ts'
import { endsSession, particulars } from './particulars.ts'
import { sampleOf, type Schema } from '../../sdk/testing/src/conformance/sampleOf.ts'
import { schemaChecker, type CheckSchema } from './schemaChecker.ts'

interface Operation {
  readonly name: string
  readonly action: 'send' | 'receive'
  /** The name of the Socket.IO event. */
  readonly address: string
  readonly payload: Schema & { readonly items?: readonly Schema[] }
  /** What answers: an acknowledgement where there is no address. */
  readonly reply?: { readonly address: string | null; readonly payloads: readonly object[] }
}

/** Somebody who is signed in, and what they hear. */
interface Peer extends TestClient {
  readonly open: Socket
}

/** What no schema can tell, of the commands of a socket. */
const commandInputs: Readonly<Record<string, (peer: Peer, ids: ReadonlyMap<string, string>) => unknown>> = {
  'auth:refresh': ({ token }) => ({ accessToken: token }),
  'follow:station': (_, ids) => ids.get('stations'),
  'subscribe:logs': (_, ids) => ids.get('jobs')
}

const everyWindIsAGust = { 'weather.gustSpeed': 0 }

describe('Every operation of the AsyncAPI document', function () {
  this.timeout(120_000)
  let station: Station
  let platform: TestPlatform
  let operations: Operation[]
  let schemas: Readonly<Record<string, Schema>>
  let check: CheckSchema
  let peer: Peer | undefined
  const ids = new Map<string, string>()
  const heard: { event: string; payload: unknown }[] = []

  before(async () => {
    station = await startStation()
    platform = await startTestPlatform({ plugins: [recorder(), weather({ intervalSeconds: 3600 })] })
    const { body } = await platform.api('GET', '/asyncapi.json')
    schemas = body.components.schemas
    check = schemaChecker(body, 'draft-07')
    operations = operationsOf(body).toSorted((a, b) => orderOf(a) - orderOf(b))
  })

  after(async () => {
    await platform?.stop()
    station?.stop()
  })

  it('that the platform receives is answered on a socket as the document says', async () => {
    const received = operations.filter(({ action }) => action === 'receive')
    assert.ok(received.length > 60)
    const faults: string[] = []
    for (const operation of received) {
      peer ??= await signIn()
      const answer = operation.reply?.address === null ? await call(operation) : await command(operation)
      const payloads = operation.reply?.payloads ?? []
      const fault = check({ anyOf: payloads }, answer)
      if (fault !== undefined) faults.push(`${operation.name}: ${fault}`)
      const [error] = Array.isArray(answer) ? answer : []
      // Without ffmpeg a job cannot start, and the platform says so.
      if (error && !/ffmpeg/i.test(error.message)) faults.push(`${operation.name}: ${JSON.stringify(error)}`)
      if (endsSession.test(operation.name.replace('call.', ''))) peer = undefined
    }
    assert.deepEqual(faults, [])
  })

  it('that the platform sends is heard as the document says, the changes of every resource among them', async () => {
    const sent = new Map(
      operations.filter(({ action }) => action === 'send').map((operation) => [operation.address, operation])
    )
    const changes = [...sent.keys()].filter((name) =>
      / (created|updated|patched|removed)$|-changed$/.test(name)
    )
    assert.ok(changes.length > 40)
    const wanted = [...changes, 'hello', 'measurement', 'gust']
    const silent = (): string[] => wanted.filter((name) => !heard.some(({ event }) => event === name))
    // The last ones may still be on their way.
    await until('all events', () => silent().length === 0).catch(() => assert.deepEqual(silent(), []))
    const faults = heard.flatMap(({ event, payload }) => {
      const operation = sent.get(event)
      // The replies of commands are in the document, too, with what they answer.
      if (!operation)
        return operations.some(({ reply }) => reply?.address === event) ? [] : [`${event} is not in it`]
      const fault = check(operation.payload, payload)
      return fault === undefined ? [] : [`${event}: ${fault}`]
    })
    assert.deepEqual(faults, [])
  })

  async function signIn(): Promise<Peer> {
    const admin = await platform.admin()
    const socket = platform.unconnected({ token: admin.token })
    socket.onAny((event: string, payload: unknown) => heard.push({ event, payload }))
    const connected = new Promise((resolve) => socket.once('connect', () => resolve(undefined)))
    socket.connect()
    await connected
    return { ...admin, open: socket }
  }

  /** A Feathers call, its arguments made up from its schema; resolves with the arguments of its acknowledgement. */
  async function call({ name, address, payload }: Operation): Promise<unknown> {
    const { open, id: userId, refreshToken, api } = peer as Peer
    const [path, ...places] = payload.items ?? []
    const service = String(path?.const)
    const sessions = await api('GET', '/auth/sessions')
    const known = {
      url: station.url,
      apiKey: 'k3y',
      cameraId: ids.get('cameras'),
      stationId: ids.get('stations'),
      userId,
      refreshToken,
      id: ids.get(service) ?? sessions.body[0].id,
      ...particulars[name.replace('call.', '')]
    }
    const made = (place: Schema): unknown =>
      place.type === 'string' ? (ids.get(service) ?? 'absent') : sampleOf(place, { schemas, known })
    const values = name === 'call.settings.patch' ? [null, everyWindIsAGust] : places.map(made)
    const answer: any[] = await within(name, (resolve) =>
      open.emit(address, service, ...values, (...answered: unknown[]) =>
        resolve(answered.slice(0, answered[0] ? 1 : 2))
      )
    )
    if (address === 'create' && answer[1]?.id && !ids.has(service)) ids.set(service, answer[1].id)
    return answer
  }

  /** A command; resolves with what the event that answers it says. */
  async function command({ name, address, payload, reply }: Operation): Promise<unknown> {
    const { open } = peer as Peer
    const input =
      commandInputs[address.replace(/^un/, '')] ?? (() => sampleOf(payload, { schemas, known: {} }))
    return within(name, (resolve) => {
      const settle = (answer: unknown): void => {
        open.off(reply?.address ?? '', settle).off('error', settle)
        resolve(answer)
      }
      open.on(reply?.address ?? '', settle).on('error', settle)
      open.emit(address, input(peer as Peer, ids))
    })
  }
})

function operationsOf(document: any): Operation[] {
  const at = (reference: string): any =>
    reference
      .slice(2)
      .split('/')
      .reduce((value, key) => value[key], document)
  return Object.entries<any>(document.operations).map(([name, { action, channel, messages, reply }]) => ({
    name,
    action,
    address: at(channel.$ref).address,
    payload: at(messages[0].$ref).payload,
    ...(reply && {
      reply: {
        address: at(reply.channel.$ref).address,
        payloads: reply.messages.map(({ $ref }: { $ref: string }) => at($ref).payload)
      }
    })
  }))
}

/** Records are made first, those that others refer to before them, and removed last, in the opposite order. */
function orderOf({ name, address, action, payload }: Operation): number {
  if (action === 'send') return 0
  if (name.startsWith('command.')) return address.startsWith('un') ? 40 : 5
  if (endsSession.test(name.replace('call.', ''))) return 50
  const rank = ['stations', 'cameras'].indexOf(String(payload.items?.[0]?.const)) + 1 || 3
  if (address === 'create' || name === 'call.settings.patch') return rank
  return address === 'remove' ? 100 - rank : 10
}

async function within<T>(what: string, act: (resolve: (value: T) => void) => void): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} was not answered`)), 20_000)
  })
  try {
    return await Promise.race([new Promise<T>(act), late])
  } finally {
    clearTimeout(timer)
  }
}
