import assert from 'node:assert/strict'
import { setTimeout as lasting } from 'node:timers/promises'
import { join } from 'node:path'
import { recorder } from '@signalbox/recorder'
import { findFfmpeg, makeTestVideo, startFakeCamera, type FakeCamera } from '../support/fakeCamera/index.ts'
import { startTestPlatform, type TestPlatform } from '../support/startTestPlatform.ts'
import { until } from '../support/until.ts'
import { assertNothingLost } from './assertNothingLost.ts'
import { assertPlays } from '../support/assertPlays.ts'
import { createJob } from './createJob.ts'
import { startInterruptiblePostgres, type InterruptiblePostgres } from './interruptiblePostgres.ts'
import { recordedFiles } from './recordedFiles.ts'
import { secondsLost } from './secondsLost.ts'
import { startWriters } from './writers.ts'

const fps = 15
/** More than one file of the recording. */
const awayMs = 5_000

describe('A Postgres server that goes away and comes back', function () {
  this.timeout(60_000)
  let postgres: InterruptiblePostgres
  let platform: TestPlatform
  const cameras: FakeCamera[] = []

  before(async function () {
    if (process.env['SIGNALBOX_TEST_DATABASE_URL'] !== undefined) {
      console.log(
        '    not tested: an interrupted Postgres; unset SIGNALBOX_TEST_DATABASE_URL for a server to stop'
      )
      return this.skip()
    }
    try {
      postgres = await startInterruptiblePostgres()
    } catch (error) {
      console.log(`    not tested: an interrupted Postgres; ${String(error)}`)
      return this.skip()
    }
    platform = await startTestPlatform({
      databaseUrl: postgres.url,
      plugins: [recorder({ networks: ['127.0.0.0/8'] })]
    })
  })

  after(async () => {
    await platform?.stop()
    await postgres?.stop()
    await Promise.all(cameras.map((camera) => camera.stop()))
  })

  for (const [how, signal] of [
    ['in order', 'SIGINT'],
    ['in a crash', 'SIGQUIT']
  ] as const) {
    it(`${how}: requests get 503 meanwhile, nothing acknowledged is lost, events go on`, async () => {
      const client = await platform.admin()
      const socket = await client.socket()
      const announced = new Set<string>()
      socket.on('cameras created', ({ id }: { id: string }) => announced.add(id))
      const writers = startWriters(client, { clients: 4, goOn: true })
      await writers.reach(100)
      await postgres.interrupt(signal)
      await until('a refused write', () => writers.refused.size > 0)
      const cold = await platform.api('POST', '/auth/login', { email: 'admin@example.org', password: 'x' })
      assert.equal(cold.status, 503, JSON.stringify(cold.body))
      assert.equal((await platform.api('GET', '/health')).status, 200)
      await postgres.resume()
      await writers.reach(writers.acknowledged.length + 100)
      await writers.stop()
      await until('every acknowledged write on the socket', () =>
        writers.acknowledged.every((id) => announced.has(id))
      )

      assert.deepEqual([...writers.refused.keys()], [503], JSON.stringify([...writers.refused]))
      for (const sentence of writers.refused.values()) assert.match(sentence, /^The database .*\.$/)
      await assertNothingLost(client, writers.acknowledged)
    })
  }

  it('does not disturb a recording, whose history is complete afterwards', async function () {
    const found = await findFfmpeg('PATH', 'npm')
    if (!found) {
      console.log('      not tested: recording without a database; no ffmpeg here (apt-get install ffmpeg)')
      return this.skip()
    }
    const ffmpeg = found.path
    const video = await makeTestVideo({ ffmpeg, fps })
    const camera = await startFakeCamera({ username: 'viewer', password: 'secret', video, fps, stamp: true })
    cameras.push(camera)
    const client = await platform.admin()
    const id = await createJob(client, camera, { name: 'Gate' })
    const folder = join(platform.dataDirectory, 'recordings', id)
    assert.equal((await client.api('POST', `/jobs/${id}/start`)).status, 200)
    await until('a file', async () => (await recordedFiles(folder)).length >= 1)
    await postgres.interrupt('SIGINT')
    await lasting(awayMs)
    const meanwhile = await recordedFiles(folder)
    assert.ok(meanwhile.length >= 2, 'files go on without a database')
    // The run ends while the database is away, and so does its record.
    camera.drop()
    await until('another run', () => camera.sessions() === 1, { timeoutMs: 10_000 })
    await postgres.resume()
    await until(
      'files of the next run',
      async () => (await recordedFiles(folder)).length >= meanwhile.length + 2
    )
    assert.equal((await client.api('POST', `/jobs/${id}/stop`)).status, 200)

    const files = await recordedFiles(folder)
    const { body: history } = await client.api('GET', `/jobs/${id}/history`)
    assert.deepEqual(
      history.map(({ status, filesProduced }: { status: string; filesProduced: number }) => [
        status,
        filesProduced > 0
      ]),
      [
        ['stopped', true],
        ['error', true]
      ]
    )
    assert.equal(
      history.reduce((sum: number, run: { filesProduced: number }) => sum + run.filesProduced, 0),
      files.length
    )
    await assertPlays(files, ffmpeg)
    const now = Date.now()
    const lost = await secondsLost(files, { ffmpeg, fps, outage: { from: now, to: now } })
    console.log(`      ${files.length} files, ${lost.toFixed(2)} s lost, all by the drop`)
    assert.ok(lost < 4, `${lost} s lost`)
  })
})
