import { startTestPlatform } from '../support/startTestPlatform.ts'
import { createDatabase } from '../support/postgres.ts'
import { inSecondProcess } from './inSecondProcess.ts'
import { pairs } from './measure.ts'
import { notes, notesPlugin } from './notes.ts'
import type { CallerTasks } from './processes/callers.ts'
import type { Benchmark } from './Row.ts'

const calls = 200
/** Calls of the flood that are under way at any moment: many times what one socket may have worked on. */
const pressure = 5000

export const flood: Benchmark = {
  name: 'flood',
  about: `One client gets a record over its socket, one call after the other, ${calls} times, on Postgres. Meanwhile a second
client, in another process, floods its own socket: it keeps ${pressure.toLocaleString('en')} such calls under way, and makes another for each that is
answered or refused. The figure is the first client's 99th percentile, of what it is without the flood. Counted: every
call of the first client is answered with the record, and the flood was answered and refused.`,
  run: async () => {
    const database = await createDatabase()
    const platform = await startTestPlatform({
      databaseUrl: database.url,
      plugins: [notesPlugin(() => {})]
    })
    const quiet = await inSecondProcess<CallerTasks>(new URL('./processes/callers.ts', import.meta.url))
    const flooder = await inSecondProcess<CallerTasks>(new URL('./processes/callers.ts', import.meta.url))
    try {
      const { token } = await platform.admin()
      const { id } = await platform.service(notes).create({ title: 'Gate 4', body: 'It does not close.' })
      await quiet.call('connect', platform.url, token)
      await flooder.call('connect', platform.url, token)
      const one = (): Promise<number> => quiet.call('p99', id, calls)
      const results = await pairs(one, async () => {
        await flooder.call('flood', id, pressure)
        const p99 = await one()
        const { answered, refused } = await flooder.call('stopFlood')
        if (answered < calls) throw new Error(`no flood: ${answered} answered, ${refused} refused`)
        return { p99, answered }
      })
      return [
        {
          what: 'p99 of a call under a flood, of that without',
          values: results.map(([alone, flooded]) => flooded.p99 / alone),
          unit: '×'
        },
        { what: 'p99 of a call', values: results.map(([alone]) => alone), unit: 'ms' },
        { what: 'p99 of a call under a flood', values: results.map(([, { p99 }]) => p99), unit: 'ms' }
      ]
    } finally {
      await quiet.stop()
      await flooder.stop()
      await platform.stop()
      await database.drop()
    }
  }
}
