import { defineCommand, definePlugin, defineResource, recordColumns, type Context } from '@signalbox/plugin'
import type { ConfigInput } from '@signalbox/core'
import type { Socket } from 'socket.io-client'
import { Type } from 'typebox'
import { call, listen } from '../contract/support.ts'
import { nextEvent } from '../support/nextEvent.ts'
import { startTestPlatform, type TestPlatform } from '../support/startTestPlatform.ts'
import { until } from '../support/until.ts'

/** Things in a tree of sites, of which nodes tell named events. */
export const lamps = defineResource({
  path: 'lamps',
  singular: 'lamp',
  description: 'Lamps',
  table: 'signs_lamps',
  schema: Type.Object({ name: Type.String(), siteId: Type.Optional(Type.String()) }),
  scopes: { node: 'siteId' },
  grants: { operator: ['read'] },
  events: { blinked: Type.Object({ n: Type.Integer() }), dimmed: Type.Object({ n: Type.Integer() }) }
})

const followLamp = defineCommand({
  name: 'follow:lamp',
  description: 'Follows a lamp',
  reply: 'following:lamp',
  input: Type.String(),
  output: Type.Object({ room: Type.String() })
})

/** Lets a test emit on a node; the node says that it stops. */
function signs(made: (context: Context) => void) {
  return definePlugin({
    name: '@signalbox/signs',
    version: '1.0.0',
    platform: '^1.0.0',
    resources: [lamps],
    commands: [followLamp],
    migrations: [
      {
        name: '001-lamps',
        async up(knex) {
          await knex.raw(`create table signs_lamps (${recordColumns}, name text not null, site_id text)`)
        }
      }
    ],
    register(ctx) {
      ctx.command(followLamp, async (id, connection) => {
        await ctx.running.service(lamps, { as: connection.caller }).get(id)
        connection.join(`lamp:${id}`)
        return { room: `lamp:${id}` }
      })
    },
    async start(ctx) {
      made(ctx as Context)
      ctx.defer(() => ctx.emit(lamps, 'dimmed', { n: 0 }))
    }
  })()
}

/** A platform on whose behalf a test emits. */
export interface LampNode extends TestPlatform {
  readonly context: Context
}

/** What somebody hears on one node. */
export interface Listener {
  readonly socket: Socket
  /** The named events of lamps, each as its name and number. */
  readonly heard: () => string[]
}

/** Starts a node of one deployment; where it has a Redis, resolves when that answers. Its metrics are open to all. */
export async function startLampNode(config: Omit<ConfigInput, 'plugins'>): Promise<LampNode> {
  let context: Context | undefined
  const platform = await startTestPlatform({
    secret: 'one for all nodes of this deployment',
    metrics: { public: true },
    ...config,
    plugins: [signs((made) => (context = made))]
  })
  const node = Object.assign(platform, { context: context as unknown as Context })
  if (config.redis) await until('Redis', async () => (await measure(node, 'signalbox_redis_up')) === 1)
  return node
}

/** A connected socket of whoever has this token, which any node of the deployment takes. */
export async function listenAt(node: TestPlatform, { token }: { readonly token: string }): Promise<Listener> {
  const socket = node.unconnected({ token })
  const all = listen(socket)
  const greeted = nextEvent(socket, 'hello')
  socket.connect()
  await greeted
  const heard = (): string[] =>
    all
      .filter(({ event }) => ['blinked', 'dimmed'].includes(event))
      .map(({ event, payload }) => `${event} ${payload.n}`)
  return { socket, heard }
}

export interface BlinkOptions {
  /** Somebody who hears it on the node in question. */
  readonly witness: Listener
  /** Those who have heard it by then, if they do at all. */
  readonly listeners?: readonly Listener[]
  readonly about?: object
  readonly room?: string
}

let count = 0

/** Emits on a node and returns what was said. */
export async function blink(
  node: LampNode,
  { witness, listeners = [], about, room }: BlinkOptions
): Promise<string> {
  const n = ++count
  node.context.emit(lamps, 'blinked', { n }, { ...(about && { about }), ...(room !== undefined && { room }) })
  node.context.emit(lamps, 'dimmed', { n }, { ...(about && { about }) })
  await until(`dimmed ${n}`, () => witness.heard().includes(`dimmed ${n}`))
  await Promise.all(listeners.map(settled))
  return `blinked ${n}`
}

/** What was sent on a connection before an answer comes before it; this answer needs no database. */
export async function settled({ socket }: Listener): Promise<void> {
  await call(socket, 'nothing', 'nowhere')
}

/** The names of those who heard something. */
export function whoHeard(listeners: Readonly<Record<string, Listener>>, said: string): string[] {
  return Object.entries(listeners).flatMap(([name, { heard }]) => (heard().includes(said) ? [name] : []))
}

/** The value of a series of a node whose metrics are open to all; undefined where it has no such series. */
export async function measure({ url }: TestPlatform, series: string): Promise<number | undefined> {
  const text = await (await fetch(`${url}/metrics`)).text()
  const line = text.split('\n').find((one) => one.startsWith(`${series} `))
  return line === undefined ? undefined : Number(line.slice(series.length + 1))
}
