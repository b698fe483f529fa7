import { createDatabase } from '../../support/postgres.ts'
import { inTurn } from '../measure.ts'
import type { Benchmark, Row } from '../Row.ts'
import { longNote, note } from './contents.ts'
import { openStage } from './openStage.ts'
import type { Note } from './Teller.ts'

const sockets = 500
const turns = { turns: 12, perTurn: 10 }

interface Case {
  readonly name: string
  readonly note: Note
  readonly ofPlain?: number
  readonly ofFeathers: number
}

const cases: readonly Case[] = [
  { name: '10 records at once', note, ofPlain: 0.3, ofFeathers: 0.2 },
  { name: '10 records at once, 2 kB', note: longNote, ofFeathers: 0.08 }
]

export const changeFanOut: Benchmark = {
  name: 'change-fan-out',
  about: `Ten records are created at once, and ${sockets} sockets of another process are told. On the platform each is
stored in Postgres with its change, numbered, and told to who may read it as \`note-changed\` and as \`notes created\`:
all that its process computes for that is in the figure. A plain Socket.IO server emits the same two messages into a
room; a stock Feathers service answers \`create\` and publishes \`notes created\`; both store nothing. The figure is
for one message that has arrived. Counted: every message has arrived, at its full size.`,
  run: async () => {
    const database = await createDatabase()
    const stages = {
      ours: await openStage('platform', { sockets, databaseUrl: database.url }),
      plain: await openStage('plain', { sockets }),
      feathers: await openStage('feathers', { sockets })
    }
    const rows: Row[] = []
    for (const { name, note, ofPlain, ofFeathers } of cases) {
      const results = await inTurn({
        ours: () => stages.ours.create(note, turns),
        plain: () => stages.plain.create(note, turns),
        feathers: () => stages.feathers.create(note, turns)
      })
      rows.push(
        {
          what: `${name}: CPU of a message, of plain Socket.IO’s`,
          values: results.map(({ ours, plain }) => ours / plain),
          unit: '×',
          ...(ofPlain && { allowed: { atMost: ofPlain } })
        },
        {
          what: `${name}: CPU of a message, of stock Feathers’`,
          values: results.map(({ ours, feathers }) => ours / feathers),
          unit: '×',
          allowed: { atMost: ofFeathers }
        },
        { what: `${name}: CPU of a message`, values: results.map(({ ours }) => ours), unit: 'µs' }
      )
    }
    for (const stage of Object.values(stages)) await stage.close()
    await database.drop()
    return rows
  }
}
