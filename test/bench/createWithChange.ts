import assert from 'node:assert/strict'
import type { Context } from '@signalbox/plugin'
import { v7 as uuid } from 'uuid'
import { createDatabase } from '../support/postgres.ts'
import { startTestPlatform, type TestPlatform } from '../support/startTestPlatform.ts'
import { measure, pairs } from './measure.ts'
import { notes, notesPlugin } from './notes.ts'
import type { Benchmark, Row } from './Row.ts'

const writers = 16
const note = {
  title: 'Gate 4',
  body: 'The barrier does not close at night.',
  tags: ['gate', 'night'],
  rank: 4,
  pinned: true
}
const insert = `
  insert into bench_notes (id, created_at, updated_at, title, body, tags, rank, pinned)
  values (?, now(), now(), ?, ?, ?, ?, ?) returning *`

export const createWithChange: Benchmark = {
  name: 'create',
  about: `${writers} writers create records through the service that plugins call: decoded, written together with the
change record in one statement, numbered by the feed and projected. Beside them ${writers} writers send the bare
\`INSERT … RETURNING\` of the same columns through the same pool. The ratio is that of creates per second; the time of
the creates ends when the feed has announced the last one. Counted: rows, and numbered changes.`,
  run: async () => {
    const database = await createDatabase()
    try {
      return [
        ...(await compare('Postgres', { databaseUrl: database.url, creates: 4000, atLeast: 0.6 })),
        ...(await compare('embedded', { creates: 1000 }))
      ]
    } finally {
      await database.drop()
    }
  }
}

interface Side {
  readonly databaseUrl?: string
  /** In a round. */
  readonly creates: number
  readonly atLeast?: number
}

async function compare(name: string, { databaseUrl, creates, atLeast }: Side): Promise<Row[]> {
  let ctx: Context | undefined
  const platform = await startTestPlatform({
    databaseUrl,
    plugins: [notesPlugin((started) => (ctx = started))]
  })
  try {
    const results = await pairs(
      () => perSecond(creates, () => create(platform, creates)),
      () => perSecond(creates, () => insertBare(ctx as Context, creates))
    )
    await assertCounts(ctx as Context, creates * (results.length + 1))
    const ratios = results.map(([ours, bare]) => ours / bare)
    return [
      {
        what: `${name}: create with its change, of the bare insert`,
        values: ratios,
        unit: '×',
        ...(atLeast && { allowed: { atLeast } })
      },
      { what: `${name}: creates`, values: results.map(([ours]) => ours), unit: '/s' },
      { what: `${name}: bare inserts`, values: results.map(([, bare]) => bare), unit: '/s' }
    ]
  } finally {
    await platform.stop()
  }
}

async function perSecond(count: number, work: () => Promise<unknown>): Promise<number> {
  const { seconds } = await measure(work)
  return count / seconds
}

async function create(platform: TestPlatform, count: number): Promise<void> {
  const service = platform.service(notes)
  await byWriters(count, () => service.create(note))
  await platform.drain()
}

function insertBare(ctx: Context, count: number): Promise<void> {
  return byWriters(count, () =>
    ctx.db().raw(insert, [uuid(), note.title, note.body, JSON.stringify(note.tags), note.rank, note.pinned])
  )
}

async function byWriters(count: number, write: () => PromiseLike<unknown>): Promise<void> {
  let left = count
  const writer = async (): Promise<void> => {
    while (left-- > 0) await write()
  }
  await Promise.all(Array.from({ length: writers }, writer))
}

async function assertCounts(ctx: Context, creates: number): Promise<void> {
  const { rows } = await ctx.db().raw(`
    select (select count(*) from bench_notes) as notes, count(*) as changes, count(distinct seq) as numbered
    from core_changes where resource = 'notes'`)
  assert.deepEqual(rows, [{ notes: 2 * creates, changes: creates, numbered: creates }])
}
