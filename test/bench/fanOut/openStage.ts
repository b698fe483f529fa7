import assert from 'node:assert/strict'
import { inSecondProcess } from '../inSecondProcess.ts'
import type { AudienceTasks, Heard } from '../processes/audience.ts'
import type { Pace, TellerKind, TellerTasks, Turns } from '../processes/teller.ts'
import type { Note, Reading, TellerOptions } from './Teller.ts'

/** A server in a process of its own, and its audience in another. */
export interface Stage {
  /** What the server computes for a message of an event, in microseconds. */
  tell(reading: Reading, turns: Turns): Promise<number>
  /** What the server computes for a message of a record that is created, in microseconds. */
  create(note: Note, turns: Turns): Promise<number>
  /** The same for events at a steady rate, and how long each message took. */
  pace(reading: Reading, pace: Pace): Promise<{ readonly cpu: number; readonly delay: Heard['delay'] }>
  close(): Promise<void>
}

export interface StageOptions extends TellerOptions {
  readonly sockets: number
}

/** So few turns at once that the audience keeps up: sockets that can take no more are another measurement. */
const atOnce = 4
/** What a message may hold beside the event, or the record, that it tells. */
const envelope = 400

/** Starts a server of one kind, with so many sockets that are told all it tells. */
export async function openStage(kind: TellerKind, { sockets, ...options }: StageOptions): Promise<Stage> {
  const teller = await inSecondProcess<TellerTasks>(new URL('../processes/teller.ts', import.meta.url))
  const audience = await inSecondProcess<AudienceTasks>(new URL('../processes/audience.ts', import.meta.url))
  const { messagesOfRecord, ...door } = await teller.call('start', kind, options)
  await audience.call('connect', { ...door, sockets })

  const hear = async (content: object, messages: number, tell: () => Promise<void>): Promise<Heard> => {
    const arriving = audience.call('heard', messages)
    await tell()
    const heard = await arriving
    const size = JSON.stringify(content).length
    const mean = heard.bytes / messages
    assert.ok(
      heard.messages === messages && mean > 0.9 * size && mean < size + envelope,
      `${kind}: ${mean} bytes`
    )
    return heard
  }
  const cpuOf = async <T>(messages: number, work: () => Promise<T>): Promise<{ cpu: number; value: T }> => {
    const before = await teller.call('cpuSeconds')
    const value = await work()
    return { cpu: (((await teller.call('cpuSeconds')) - before) / messages) * 1e6, value }
  }
  const inParts = async ({ turns, perTurn }: Turns, tell: (part: Turns) => Promise<unknown>) => {
    for (let left = turns; left > 0; left -= atOnce) await tell({ turns: Math.min(left, atOnce), perTurn })
  }

  return {
    tell: async (reading, turns) => {
      const messages = ({ turns, perTurn }: Turns): number => sockets * turns * perTurn
      const telling = (part: Turns) => hear(reading, messages(part), () => teller.call('tell', reading, part))
      return (await cpuOf(messages(turns), () => inParts(turns, telling))).cpu
    },
    create: async (note, turns) => {
      const messages = ({ turns, perTurn }: Turns): number => sockets * turns * perTurn * messagesOfRecord
      const telling = (part: Turns) => hear(note, messages(part), () => teller.call('create', note, part))
      return (await cpuOf(messages(turns), () => inParts(turns, telling))).cpu
    },
    pace: async (reading, pace) => {
      const messages = sockets * pace.count
      const { cpu, value } = await cpuOf(messages, () =>
        hear(reading, messages, () => teller.call('pace', reading, pace))
      )
      return { cpu, delay: value.delay }
    },
    close: async () => {
      await audience.stop()
      await teller.call('stop')
      await teller.stop()
    }
  }
}
