import { createDatabase } from '../support/postgres.ts'
import { startTestPlatform } from '../support/startTestPlatform.ts'
import { inSecondProcess } from './inSecondProcess.ts'
import { measure, pairs, type Measured } from './measure.ts'
import { notes, notesPlugin } from './notes.ts'
import { startPlainServer } from './plainServer.ts'
import type { LoadOptions, LoadTasks } from './processes/load.ts'
import type { Benchmark } from './Row.ts'

const requests = 4000
const connections = 16

export const requestPath: Benchmark = {
  name: 'get',
  about: `GET by id over REST on Postgres, signed in: ${connections} connections of another process, kept alive, ask one
after the other. The peer, in the same process as the platform, is a hand-written server that does the least:
\`node:http\`, the check of an HS256 token with \`node:crypto\`, one prepared query with \`pg\`. It has no sessions, roles,
validation or log. Counted: each answer is a 200 with the record in it.`,
  run: async () => {
    const database = await createDatabase()
    const others = await inSecondProcess<LoadTasks>(new URL('./processes/load.ts', import.meta.url))
    const platform = await startTestPlatform({
      databaseUrl: database.url,
      plugins: [notesPlugin(() => {})]
    })
    const plain = await startPlainServer(database.url)
    try {
      const client = await platform.admin()
      const { id } = await platform
        .service(notes)
        .create({ title: 'Gate 4', body: 'It does not close at night.' })
      const common = { connections, requests, path: `/api/notes/${id}`, expected: id }
      const load = (options: LoadOptions): Promise<Measured<void>> =>
        measure(() => others.call('load', options))
      const results = await pairs(
        () => load({ ...common, port: Number(new URL(platform.url).port), token: client.token }),
        () => load({ ...common, port: plain.port, token: plain.token })
      )
      return [
        {
          what: 'requests, of the plain server’s',
          values: results.map(([ours, peer]) => peer.seconds / ours.seconds),
          unit: '×'
        },
        { what: 'requests', values: results.map(([ours]) => requests / ours.seconds), unit: '/s' },
        {
          what: 'requests, the plain server',
          values: results.map(([, peer]) => requests / peer.seconds),
          unit: '/s'
        },
        {
          what: 'CPU of a request',
          values: results.map(([ours]) => (ours.cpuSeconds / requests) * 1e6),
          unit: 'µs'
        },
        {
          what: 'CPU of a request, the plain server',
          values: results.map(([, peer]) => (peer.cpuSeconds / requests) * 1e6),
          unit: 'µs'
        }
      ]
    } finally {
      await plain.stop()
      await platform.stop()
      await others.stop()
      await database.drop()
    }
  }
}
