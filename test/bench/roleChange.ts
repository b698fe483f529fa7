import assert from 'node:assert/strict'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { estate } from '../contract/estate.ts'
import { createDatabase } from '../support/postgres.ts'
import { startTestPlatform, type TestClient } from '../support/startTestPlatform.ts'
import { until } from '../support/until.ts'
import { inSecondProcess } from './inSecondProcess.ts'
import { rounds } from './measure.ts'
import type { CrowdTasks } from './processes/crowd.ts'
import type { Benchmark } from './Row.ts'

const people = 4000
const resolutionMs = 1

export const roleChange: Benchmark = {
  name: 'role-change',
  about: `${people.toLocaleString('en')} people of one role, each with a socket, in another process. A permission is
taken from the role, and given back. The time is from the request until the last socket was told \`reset\`; the delay is
that of the platform's event loop meanwhile (\`monitorEventLoopDelay\`, less its own interval). Counted: each socket was
told once.`,
  run: async () => {
    const crowd = await inSecondProcess<CrowdTasks>(new URL('./processes/crowd.ts', import.meta.url))
    const database = await createDatabase()
    const platform = await startTestPlatform({
      databaseUrl: database.url,
      plugins: [estate.plugin()],
      websocket: { maxConnections: 2 * people }
    })
    try {
      const admin = await platform.admin()
      const role = { id: 'crowd', label: 'Crowd', permissions: ['lamps:read', 'bulbs:read'] }
      await post(admin, '/roles', role)
      await crowd.call('connect', platform.url, await keysOf(admin, role.id))
      let holds = true
      const results = await rounds(async () => {
        const delay = monitorEventLoopDelay({ resolution: resolutionMs })
        delay.enable()
        const begun = performance.now()
        holds = !holds
        const permissions = holds ? role.permissions : ['bulbs:read']
        const { status } = await admin.api('PATCH', `/roles/${role.id}`, { permissions })
        assert.equal(status, 200)
        let told = 0
        const all = async () => (told += await crowd.call('takeResets')) >= people
        await until('every socket to be told', all, { everyMs: 5 })
        const seconds = (performance.now() - begun) / 1000
        delay.disable()
        assert.equal(told, people)
        return {
          seconds,
          p99: delay.percentile(99) / 1e6 - resolutionMs,
          longest: delay.max / 1e6 - resolutionMs
        }
      })
      return [
        {
          what: 'until every socket was told',
          values: results.map(({ seconds }) => seconds),
          unit: 's',
          allowed: { atMost: 1 }
        },
        {
          what: 'p99 of the delay of the loop',
          values: results.map(({ p99 }) => p99),
          unit: 'ms',
          allowed: { atMost: 50 }
        },
        { what: 'longest stall of the loop', values: results.map(({ longest }) => longest), unit: 'ms' }
      ]
    } finally {
      await platform.stop()
      await database.drop()
      await crowd.stop()
    }
  }
}

/** Makes the people, and a key for each, which costs no password’s hash. */
async function keysOf(admin: TestClient, role: string): Promise<string[]> {
  const keys: string[] = []
  const numbers = Array.from({ length: people }, (_, n) => n)
  const makeSome = async (): Promise<void> => {
    for (let n = numbers.pop(); n !== undefined; n = numbers.pop()) {
      const user = await post(admin, '/users', { email: `crowd-${n}@example.org`, role })
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
