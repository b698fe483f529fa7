import { setImmediate as turn, setTimeout as pause } from 'node:timers/promises'
import { startFeathers } from '../fanOut/startFeathers.ts'
import { startPlain } from '../fanOut/startPlain.ts'
import { startPlatform } from '../fanOut/startPlatform.ts'
import type { Note, Reading, Teller, TellerOptions } from '../fanOut/Teller.ts'
import { serveTasks } from '../inSecondProcess.ts'

const starts = { platform: startPlatform, plain: startPlain, feathers: startFeathers }

export type TellerKind = keyof typeof starts

/** So much in each of so many turns of the event loop. */
export interface Turns {
  readonly turns: number
  readonly perTurn: number
}

/** One in each turn, so many, at a steady rate. */
export interface Pace {
  readonly perSecond: number
  readonly count: number
}

let teller: Teller

const tasks = {
  start: async (
    kind: TellerKind,
    options: TellerOptions
  ): Promise<Omit<Teller, 'tell' | 'create' | 'stop'>> => {
    teller = await starts[kind](options)
    const { tell, create, stop, ...door } = teller
    return door
  },
  tell: async (reading: Reading, { turns, perTurn }: Turns): Promise<void> => {
    for (let n = 0; n < turns; n++) {
      for (let m = 0; m < perTurn; m++) teller.tell(reading)
      await turn()
    }
  },
  create: async (note: Note, { turns, perTurn }: Turns): Promise<void> => {
    for (let n = 0; n < turns; n++)
      await Promise.all(Array.from({ length: perTurn }, () => teller.create(note)))
  },
  /** Tells at a steady rate, each in a turn of its own, and says in `at` when. */
  pace: async (reading: Reading, { perSecond, count }: Pace): Promise<void> => {
    const begun = performance.now()
    for (let n = 0; n < count; n++) {
      while (performance.now() - begun < (n * 1000) / perSecond) await pause(1)
      teller.tell({ ...reading, at: Number(process.hrtime.bigint() / 1000n) })
      await turn()
    }
  },
  /** What all threads of this process have computed so far. */
  cpuSeconds: (): number => {
    const { user, system } = process.cpuUsage()
    return (user + system) / 1e6
  },
  stop: (): Promise<void> => teller.stop()
}

export type TellerTasks = typeof tasks

serveTasks(tasks)
