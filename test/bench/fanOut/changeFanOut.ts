import { createDatabase } from '../../support/postgres.ts'
import type { Benchmark, Row } from '../Row.ts'
import { longNote, note } from './contents.ts'
import { compare, kinds, onStages } from './stages.ts'

const sockets = 500
const rounds = 9
const turns = { turns: 20, perTurn: 10 }

const cases = [
  { name: '10 records at once', note, ofPlain: 0.3, ofFeathers: 0.2 },
  { name: '10 records at once, 2 kB', note: longNote, ofFeathers: 0.1 }
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
    try {
      return await onStages(kinds, { sockets, databaseUrl: database.url }, async (stages) => {
        const rows: Row[] = []
        for (const { note, ...one } of cases)
          rows.push(
            ...(await compare(stages, { ...one, rounds, play: (stage) => stage.create(note, turns) }))
          )
        return rows
      })
    } finally {
      await database.drop()
    }
  }
}
