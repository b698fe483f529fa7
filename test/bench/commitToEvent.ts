import assert from 'node:assert/strict'
import type { Context } from '@signalbox/plugin'
import { createDatabase } from '../support/postgres.ts'
import { startTestPlatform } from '../support/startTestPlatform.ts'
import { unlimited } from '../support/unlimited.ts'
import { inSecondProcess, type SecondProcess } from './inSecondProcess.ts'
import { measure, percentile, rounds } from './measure.ts'
import { notes, notesPlugin } from './notes.ts'
import type { WitnessTasks } from './processes/witness.ts'
import type { WriterTasks } from './processes/writers.ts'
import type { Benchmark, Row } from './Row.ts'

const connections = 16
const fullLoad = 4000
const seconds = 3
const note = { title: 'Gate 4', body: 'The barrier does not close at night.' }

export const commitToEvent: Benchmark = {
  name: 'commit-to-event',
  about: `Records are created over REST on Postgres, by a second process over ${connections} connections: at first as
fast as they are answered, then for ${seconds} seconds at a time at half that rate. A socket of a third process hears
\`note-changed\`; one clock tells the time of all. The commit lies between the request and its answer, so the time is
told from both. In every other round a transaction that has created a record too is held open all the while. Counted:
each record is told once, and that of the transaction after its end.`,
  run: async () => {
    const database = await createDatabase()
    const writers = await inSecondProcess<WriterTasks>(new URL('./processes/writers.ts', import.meta.url))
    const witness = await inSecondProcess<WitnessTasks>(new URL('./processes/witness.ts', import.meta.url))
    let ctx: Context | undefined
    const platform = await startTestPlatform({
      databaseUrl: database.url,
      limits: unlimited,
      plugins: [notesPlugin((started) => (ctx = started))]
    })
    try {
      const { token } = await platform.admin()
      const port = Number(new URL(platform.url).port)
      await writers.call('connect', { port, token, path: '/api/notes', body: note, connections })
      await witness.call('connect', platform.url, token, 'note-changed')
      const [fastest] = await rounds(() => fullRate({ writers, witness }), 1)
      const perSecond = (fastest as number) / 2
      const results = await rounds(async () => {
        const free = await delaysAt(perSecond, { writers, witness })
        const held = await whileHeld(ctx as Context, () => delaysAt(perSecond, { writers, witness }))
        assert.equal((await witness.call('told', 1)).length, 1)
        return { free, held }
      }, 3)
      return rowsOf(perSecond, results)
    } finally {
      await writers.stop()
      await witness.stop()
      await platform.stop()
      await database.drop()
    }
  }
}

interface Delays {
  readonly sinceRequest: readonly number[]
  readonly sinceAnswer: readonly number[]
}

interface Processes {
  readonly writers: SecondProcess<WriterTasks>
  readonly witness: SecondProcess<WitnessTasks>
}

async function fullRate({ writers, witness }: Processes): Promise<number> {
  const { seconds } = await measure(() => writers.call('write', { count: fullLoad }))
  await witness.call('told', fullLoad)
  return fullLoad / seconds
}

async function delaysAt(perSecond: number, { writers, witness }: Processes): Promise<Delays> {
  const count = Math.round(perSecond * seconds)
  const [written, told] = await Promise.all([
    writers.call('write', { count, perSecond }),
    witness.call('told', count)
  ])
  const toldAt = new Map(told.map(({ id, at }) => [id, at]))
  assert.equal(toldAt.size, count)
  const since = (moment: 'sentAt' | 'answeredAt'): number[] =>
    written.map((one) => (toldAt.get(one.id) as number) - one[moment])
  const delays = { sinceRequest: since('sentAt'), sinceAnswer: since('answeredAt') }
  assert.ok(!delays.sinceRequest.some(Number.isNaN), 'each record was told')
  return delays
}

/** Does the work while a transaction is open that has created a record. */
async function whileHeld<T>(ctx: Context, work: () => Promise<T>): Promise<T> {
  let release = (): void => {}
  const released = new Promise<void>((resolve) => (release = resolve))
  let opened = (): void => {}
  const open = new Promise<void>((resolve) => (opened = resolve))
  const transaction = ctx.unitOfWork(async () => {
    await ctx.service(notes).create(note)
    opened()
    await released
  })
  await open
  const result = await work().finally(release)
  await transaction
  return result
}

function rowsOf(
  perSecond: number,
  results: readonly { readonly free: Delays; readonly held: Delays }[]
): Row[] {
  const row = (
    what: string,
    share: number,
    of: (result: { free: Delays; held: Delays }) => readonly number[]
  ) => ({
    what,
    values: results.map((result) => percentile(of(result), share)),
    unit: 'ms'
  })
  const allowed = { atMost: 25 }
  return [
    { ...row('create to event, p99 since the request', 0.99, ({ free }) => free.sinceRequest), allowed },
    row('create to event, p50 since the request', 0.5, ({ free }) => free.sinceRequest),
    row('create to event, p99 since the answer', 0.99, ({ free }) => free.sinceAnswer),
    {
      ...row(
        'the same, a transaction held open: p99 since the request',
        0.99,
        ({ held }) => held.sinceRequest
      ),
      allowed
    },
    row('a transaction held open: p50 since the request', 0.5, ({ held }) => held.sinceRequest),
    { what: 'creates meanwhile, half of the most', values: [perSecond], unit: '/s' }
  ]
}
