import assert from 'node:assert/strict'
import type { Context } from '@signalbox/plugin'
import { createDatabase } from '../support/postgres.ts'
import { startRedis } from '../support/redis.ts'
import { startTestPlatform, type TestPlatform } from '../support/startTestPlatform.ts'
import { until } from '../support/until.ts'
import { inSecondProcess } from './inSecondProcess.ts'
import { measure, pairs } from './measure.ts'
import { notes, notesPlugin } from './notes.ts'
import type { NeighbourTasks } from './processes/neighbour.ts'
import { redisOf } from './redisOf.ts'
import type { Benchmark } from './Row.ts'

const perSecond = 10_000
const seconds = 3
const event = 'note:read'
const payload = {
  id: '01a1f87f-4d96-749e-b7b4-08f113c46d57',
  by: 'someone@example.org',
  at: '2026-01-01T00:00:00.000Z'
}

export const redisEvents: Benchmark = {
  name: 'redis-events',
  about: `A plugin emits ${perSecond.toLocaleString('en')} events a second to a room in which nobody stands, on a node
that shares a Redis with another; beside it one without a Redis does the same. The figure is what a node's process
computes for an event: the one that emits, and the other, which looks whether anybody is to hear it. Counted: the other
has read every event.`,
  run: async () => {
    const [database, redis] = [await createDatabase(), await startRedis()]
    const shared = { databaseUrl: database.url, secret: 'of all nodes', metrics: { public: true } }
    const options = { ...shared, redis: { url: redis.url } }
    const neighbour = await inSecondProcess<NeighbourTasks>(
      new URL('./processes/neighbour.ts', import.meta.url)
    )
    const contexts: Context[] = []
    const start = (config: object): Promise<TestPlatform> =>
      startTestPlatform({ ...config, plugins: [notesPlugin((ctx) => contexts.push(ctx))] })
    const node = await start(options)
    const alone = await start({})
    try {
      await neighbour.call('start', options)
      await until('Redis', async () => (await redisOf(node)).state === 'up')
      const [here, elsewhere] = contexts as [Context, Context]
      const results = await pairs(
        async () => {
          const before = await neighbour.call('take')
          const own = await cpuOfEvent(here)
          const after = await neighbour.call('take')
          await until('every event', async () => {
            const { heard } = await neighbour.call('take')
            return heard - before.heard >= perSecond * seconds
          })
          return { own, other: ((after.cpuSeconds - before.cpuSeconds) / (perSecond * seconds)) * 1e6 }
        },
        () => cpuOfEvent(elsewhere)
      )
      assert.equal((await redisOf(node)).skipped, 0)
      return [
        { what: 'CPU of an event, through Redis', values: results.map(([{ own }]) => own), unit: 'µs' },
        { what: 'CPU of it on the other node', values: results.map(([{ other }]) => other), unit: 'µs' },
        { what: 'CPU of an event, without Redis', values: results.map(([, without]) => without), unit: 'µs' }
      ]
    } finally {
      await neighbour.call('stop')
      await neighbour.stop()
      await node.stop()
      await alone.stop()
      await redis.stop()
      await database.drop()
    }
  }
}

/** Microseconds of this process. */
async function cpuOfEvent(ctx: Context): Promise<number> {
  const count = perSecond * seconds
  const { cpuSeconds } = await measure(async () => {
    const from = performance.now()
    for (let emitted = 0; emitted < count;) {
      const due = Math.min(count, Math.floor(((performance.now() - from) / 1000) * perSecond))
      for (; emitted < due; emitted++) ctx.emit(notes, event, payload, { room: 'nobody' })
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
  })
  return (cpuSeconds / count) * 1e6
}
