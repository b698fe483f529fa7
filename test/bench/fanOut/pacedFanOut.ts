import { pairs } from '../measure.ts'
import type { Benchmark } from '../Row.ts'
import { small } from './contents.ts'
import { onStages } from './stages.ts'

const sockets = 100
const pace = { perSecond: 1000, count: 2000 }

export const pacedFanOut: Benchmark = {
  name: 'paced-fan-out',
  about: `${sockets} sockets of another process are told ${pace.perSecond.toLocaleString('en')} events a second, each
in a turn of the event loop of its own, for two seconds: by the platform with its flush window as it is by default
(\`websocket.flushMs: 5\`), and by a plain Socket.IO server. The delay is from the emission to the arrival in the other
process, which one clock tells. Added is what the 99th percentile is more than plain Socket.IO's of the same round.
Counted: every message has arrived.`,
  run: async () => {
    const results = await onStages(['platform', 'plain'], { sockets }, ({ platform, plain }) =>
      pairs(
        () => platform.pace(small, pace),
        () => plain.pace(small, pace)
      )
    )
    return [
      {
        what: '1,000 events/s: CPU of a message, of plain Socket.IO’s',
        values: results.map(([ours, plain]) => ours.cpu / plain.cpu),
        unit: '×',
        allowed: { atMost: 0.4 }
      },
      {
        what: '1,000 events/s: p99 of the delay, added',
        values: results.map(([ours, plain]) => ours.delay.p99 - plain.delay.p99),
        unit: 'ms',
        allowed: { atMost: 6 }
      },
      {
        what: '1,000 events/s: p50 of the delay',
        values: results.map(([ours]) => ours.delay.p50),
        unit: 'ms'
      },
      {
        what: '1,000 events/s: p99 of the delay',
        values: results.map(([ours]) => ours.delay.p99),
        unit: 'ms'
      },
      {
        what: '1,000 events/s: p99 of the delay, plain Socket.IO',
        values: results.map(([, plain]) => plain.delay.p99),
        unit: 'ms'
      }
    ]
  }
}
