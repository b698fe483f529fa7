import { median, pairs } from '../measure.ts'
import type { Benchmark } from '../Row.ts'
import { small } from './contents.ts'
import { openStage } from './openStage.ts'

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
    const ours = await openStage('platform', { sockets })
    const plain = await openStage('plain', { sockets })
    const results = await pairs(
      () => ours.pace(small, pace),
      () => plain.pace(small, pace)
    )
    await ours.close()
    await plain.close()
    const p99s = results.map(([one, other]) => [p99(one.delays), p99(other.delays)] as const)
    return [
      {
        what: '1,000 events/s: CPU of a message, of plain Socket.IO’s',
        values: results.map(([one, other]) => one.cpu / other.cpu),
        unit: '×',
        allowed: { atMost: 0.4 }
      },
      {
        what: '1,000 events/s: p99 of the delay, added',
        values: p99s.map(([one, other]) => one - other),
        unit: 'ms',
        allowed: { atMost: 6 }
      },
      {
        what: '1,000 events/s: p50 of the delay',
        values: results.map(([{ delays }]) => median(delays)),
        unit: 'ms'
      },
      { what: '1,000 events/s: p99 of the delay', values: p99s.map(([one]) => one), unit: 'ms' },
      {
        what: '1,000 events/s: p99 of the delay, plain Socket.IO',
        values: p99s.map(([, other]) => other),
        unit: 'ms'
      }
    ]
  }
}

function p99(delays: readonly number[]): number {
  return delays.toSorted((one, other) => one - other)[Math.floor(delays.length * 0.99)] as number
}
