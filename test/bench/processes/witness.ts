import { serveTasks } from '../inSecondProcess.ts'
import { openRawSocket } from './openRawSocket.ts'

/** One change that was told; in milliseconds of this machine's clock. */
export interface Told {
  readonly id: string
  readonly at: number
}

const told: Told[] = []
let awaited: { readonly count: number; readonly resolve: (told: Told[]) => void } | undefined

const tasks = {
  /** Opens a socket and notes from now on when it is told of what was created. */
  connect: async (url: string, token: string, event: string): Promise<void> => {
    const created = new RegExp(String.raw`^\["${event}",\{"id":"([^"]+)","action":"created"`)
    await openRawSocket({
      url,
      token,
      onEvent: (json) => {
        const id = created.exec(json.toString())?.[1]
        if (id !== undefined) told.push({ id, at: Number(process.hrtime.bigint()) / 1e6 })
        settle()
      }
    })
  },
  /** Resolves when it was told of so many since the last time. */
  told: (count: number): Promise<Told[]> =>
    new Promise((resolve) => {
      awaited = { count, resolve }
      settle()
    })
}

export type WitnessTasks = typeof tasks

function settle(): void {
  if (!awaited || told.length < awaited.count) return
  awaited.resolve(told.splice(0, awaited.count))
  awaited = undefined
}

serveTasks(tasks)
