import assert from 'node:assert/strict'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { Context } from '@signalbox/plugin'
import { createDatabase } from '../support/postgres.ts'
import { startTestPlatform, type TestClient, type TestPlatform } from '../support/startTestPlatform.ts'
import { unlimited } from '../support/unlimited.ts'
import { until } from '../support/until.ts'
import { bellOf, halls, hallsPlugin } from './halls.ts'
import { inSecondProcess, type SecondProcess } from './inSecondProcess.ts'
import { rounds } from './measure.ts'
import type { RushTasks } from './processes/rush.ts'
import type { Benchmark } from './Row.ts'

const sockets = 10_000
const accounts = 1000
const crowds = 2
const atOnce = 200
const resolutionMs = 1

export const storm: Benchmark = {
  name: 'storm',
  about: `${sockets.toLocaleString('en')} sockets, of ${accounts.toLocaleString('en')} accounts with a key each, come
in from ${crowds} other processes, ${crowds * atOnce} of them on their way at any moment. Each may read
${halls.length} resources, and is in when it is told \`hello\`: then it stands in the room of each. Then all are cut at
once. The pause is the longest of the platform's event loop (\`monitorEventLoopDelay\`, less its own interval).
Counted: an event of each resource reaches every socket, and at the end no socket and no room is left.`,
  run: async () => {
    const database = await createDatabase()
    const rushes = await Promise.all(
      Array.from({ length: crowds }, () =>
        inSecondProcess<RushTasks>(new URL('./processes/rush.ts', import.meta.url))
      )
    )
    let ctx: Context | undefined
    const platform = await startTestPlatform({
      databaseUrl: database.url,
      plugins: [hallsPlugin((started) => (ctx = started))],
      limits: unlimited,
      websocket: { maxConnections: 2 * sockets }
    })
    try {
      const admin = await platform.admin()
      const keys = await keysOf(admin)
      const results = await rounds(async (round) => {
        const connecting = await pauseOf(() => connectAll(rushes, { url: platform.url, keys, round }))
        const rung = Promise.all(rushes.map((rush) => rush.call('bells', (sockets * halls.length) / crowds)))
        halls.forEach((hall, n) => ctx?.emit(hall, bellOf(n + 1), { id: 'noon' }))
        await rung
        const leaving = await pauseOf(async () => {
          for (const rush of rushes) await rush.call('cut')
          await empty(platform, admin)
        })
        return { connecting, leaving }
      }, 3)
      return [
        {
          what: 'connects of a storm',
          values: results.map(({ connecting }) => sockets / connecting.seconds),
          unit: '/s',
          allowed: { atLeast: 1000 }
        },
        {
          what: 'until all stand in their rooms',
          values: results.map(({ connecting }) => connecting.seconds),
          unit: 's',
          allowed: { atMost: 12 }
        },
        {
          what: 'longest stall of the loop as they come',
          values: results.map(({ connecting }) => connecting.longest),
          unit: 'ms',
          allowed: { atMost: 100 }
        },
        {
          what: 'longest stall of the loop as they go',
          values: results.map(({ leaving }) => leaving.longest),
          unit: 'ms',
          allowed: { atMost: 100 }
        },
        { what: 'until all are gone', values: results.map(({ leaving }) => leaving.seconds), unit: 's' }
      ]
    } finally {
      for (const rush of rushes) await rush.stop()
      await platform.stop()
      await database.drop()
    }
  }
}

/** How long work takes, and the longest pause of the event loop meanwhile, in milliseconds. */
async function pauseOf(work: () => Promise<void>): Promise<{ seconds: number; longest: number }> {
  const delay = monitorEventLoopDelay({ resolution: resolutionMs })
  delay.enable()
  const begun = performance.now()
  await work()
  const seconds = (performance.now() - begun) / 1000
  delay.disable()
  return { seconds, longest: delay.max / 1e6 - resolutionMs }
}

/** Each round comes from other addresses: the ports of the one before are not free again yet. */
async function connectAll(
  rushes: readonly SecondProcess<RushTasks>[],
  { url, keys, round }: { url: string; keys: readonly string[]; round: number }
): Promise<void> {
  const share = sockets / rushes.length
  const tokens = Array.from({ length: share }, (_, n) => keys[n % keys.length] as string)
  await Promise.all(
    rushes.map((rush, n) =>
      rush.call('connect', { url, tokens, atOnce, from: `127.0.${round + 1}.${n + 1}` })
    )
  )
}

async function empty(platform: TestPlatform, admin: TestClient): Promise<void> {
  const headers = { authorization: `Bearer ${admin.token}` }
  const isEmpty = async (): Promise<boolean> => {
    const text = await (await fetch(`${platform.url}/metrics`, { headers })).text()
    return /^signalbox_sockets 0$/m.test(text) && /^signalbox_rooms 0$/m.test(text)
  }
  await until('every socket to be gone', isEmpty, { timeoutMs: 30_000, everyMs: 50 })
}

/** Makes the accounts, and a key for each, which costs no password’s hash. */
async function keysOf(admin: TestClient): Promise<string[]> {
  const permissions = halls.map(({ path }) => `${path}:read`)
  await post(admin, '/roles', { id: 'crowd', label: 'Crowd', permissions })
  const numbers = Array.from({ length: accounts }, (_, n) => n)
  const keys: string[] = []
  const makeSome = async (): Promise<void> => {
    for (let n = numbers.pop(); n !== undefined; n = numbers.pop()) {
      const user = await post(admin, '/users', { email: `crowd-${n}@example.org`, role: 'crowd' })
      keys.push((await post(admin, '/api-keys', { name: 'Bench', userId: user.id })).key)
    }
  }
  await Promise.all(Array.from({ length: 8 }, makeSome))
  return keys
}

async function post(client: TestClient, path: string, data: object): Promise<any> {
  const { status, body } = await client.api('POST', path, data)
  assert.equal(status, 201, JSON.stringify(body))
  return body
}
