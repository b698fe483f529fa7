import { inTurn } from '../measure.ts'
import type { Turns } from '../processes/teller.ts'
import type { Benchmark, Row } from '../Row.ts'
import { large, small } from './contents.ts'
import { openStage } from './openStage.ts'
import type { Reading } from './Teller.ts'

const sockets = 500
/** Many and short, since what else the machine does disturbs one of a pair. */
const rounds = 9

/** What is told how often, and what of it is allowed. */
interface Case {
  readonly name: string
  readonly reading: Reading
  readonly turns: Turns
  readonly ofPlain?: number
  readonly ofFeathers?: number
}

const cases: readonly Case[] = [
  {
    name: '10 events a turn',
    reading: small,
    turns: { turns: 20, perTurn: 10 },
    ofPlain: 0.3,
    ofFeathers: 0.2
  },
  { name: '10 events a turn, 2 kB', reading: large, turns: { turns: 12, perTurn: 10 }, ofFeathers: 0.08 },
  { name: '1 event a turn', reading: small, turns: { turns: 60, perTurn: 1 }, ofPlain: 1 }
]

export const fanOut: Benchmark = {
  name: 'fan-out',
  about: `${sockets} sockets of another process are told events. The figure is what the server's process computes for a
message that has arrived. The platform: a plugin emits an event into a room; the flush window is off
(\`websocket.flushMs: 0\`), so that only what one turn of the event loop tells is written together. Plain Socket.IO: a
server emits the same into a room. Stock Feathers: a service emits it, and it is published to a channel of all
connections. Each server has a process of its own. An event is of 100 bytes, or of 2,000. Counted: every message has
arrived, at its full size.`,
  run: async () => {
    const stages = {
      ours: await openStage('platform', { sockets, flushMs: 0 }),
      plain: await openStage('plain', { sockets }),
      feathers: await openStage('feathers', { sockets })
    }
    const rows: Row[] = []
    for (const { name, reading, turns, ofPlain, ofFeathers } of cases) {
      const results = await inTurn(
        {
          ours: () => stages.ours.tell(reading, turns),
          plain: () => stages.plain.tell(reading, turns),
          feathers: () => stages.feathers.tell(reading, turns)
        },
        rounds
      )
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
          ...(ofFeathers && { allowed: { atMost: ofFeathers } })
        },
        { what: `${name}: CPU of a message`, values: results.map(({ ours }) => ours), unit: 'µs' }
      )
    }
    for (const stage of Object.values(stages)) await stage.close()
    return rows
  }
}
