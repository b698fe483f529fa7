import type { Benchmark, Row } from '../Row.ts'
import { large, small } from './contents.ts'
import { compare, kinds, onStages } from './stages.ts'

const sockets = 500
/** Many and short, since what else the machine does disturbs one of them. */
const rounds = 9

const cases = [
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
  run: () =>
    onStages(kinds, { sockets, flushMs: 0 }, async (stages) => {
      const rows: Row[] = []
      for (const { reading, turns, ...one } of cases)
        rows.push(...(await compare(stages, { ...one, rounds, play: (stage) => stage.tell(reading, turns) })))
      return rows
    })
}
