import assert from 'node:assert/strict'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { recorder } from '@signalbox/recorder'
import type { Context } from 'mocha'
import { findFfmpeg, makeTestVideo, startFakeCamera, type FakeCamera } from '../support/fakeCamera/index.ts'
import { nextEvent } from '../support/nextEvent.ts'
import { startTestPlatform, type TestPlatform } from '../support/startTestPlatform.ts'
import { temporaryDirectory, type TemporaryDirectory } from '../support/temporaryDirectory.ts'
import { until } from '../support/until.ts'
import { assertNothingLost } from './assertNothingLost.ts'
import { assertPlays } from '../support/assertPlays.ts'
import { createJob } from './createJob.ts'
import { mountTmpfs, type SmallDisk } from './mountTmpfs.ts'
import { recordedFiles } from './recordedFiles.ts'
import { killPlatforms, startPlatformProcess } from './startPlatformProcess.ts'
import { startWriters } from './writers.ts'

describe('A full disk', function () {
  this.timeout(150_000)
  let directory: TemporaryDirectory
  let disk: SmallDisk | undefined
  let platform: TestPlatform | undefined
  let camera: FakeCamera | undefined

  beforeEach(async () => {
    directory = await temporaryDirectory()
  })

  afterEach(async () => {
    await platform?.stop()
    await killPlatforms()
    await camera?.stop()
    await disk?.unmount()
    await directory.remove()
    platform = camera = disk = undefined
  })

  async function mountOrSkip(context: Context, megabytes: number): Promise<SmallDisk> {
    try {
      return await mountTmpfs(join(directory.path, 'disk'), { megabytes })
    } catch (error) {
      console.log(
        `      not tested: a full disk; run as root where mount works (${String(error).split('\n')[0]})`
      )
      return context.skip()
    }
  }

  it('stops a recording, which says so, keeps its files, and goes on when there is space again', async function () {
    const found = await findFfmpeg('PATH', 'npm')
    if (!found) {
      console.log('      not tested: recording to a full disk; no ffmpeg here (apt-get install ffmpeg)')
      return this.skip()
    }
    const ffmpeg = found.path
    disk = await mountOrSkip(this, 8)
    const video = await makeTestVideo({ ffmpeg })
    camera = await startFakeCamera({ username: 'viewer', password: 'secret', video })
    platform = await startTestPlatform({
      plugins: [recorder({ networks: ['127.0.0.0/8'], storage: disk.path })]
    })
    const client = await platform.admin()
    const socket = await client.socket()
    const id = await createJob(client, camera, { name: 'Gate' })
    const folder = join(disk.path, id)
    assert.equal((await client.api('POST', `/jobs/${id}/start`)).status, 200)
    await until('two files', async () => (await recordedFiles(folder)).length >= 2)

    const finished = await recordedFiles(folder)
    const sizes = await Promise.all(finished.map(async (file) => (await stat(file)).size))
    const retry = nextEvent(socket, 'job:retry', { timeoutMs: 20_000 })
    await disk.fill()
    await retry
    const again = nextEvent(socket, 'job:retry', { timeoutMs: 20_000 })
    const { runtime } = (await client.api('GET', `/jobs/${id}`)).body
    console.log(`      said: ${runtime.lastError}`)
    assert.match(runtime.lastError, /no space left on the disk/)
    await again
    assert.equal((await platform.api('GET', '/health')).body.status, 'ok')
    assert.equal((await client.api('POST', '/cameras', { name: 'Meanwhile', protocol: 'test' })).status, 201)
    assert.deepEqual(await Promise.all(finished.map(async (file) => (await stat(file)).size)), sizes)

    const atFullDisk = await recordedFiles(folder)
    await disk.free()
    await until('files again', async () => (await recordedFiles(folder)).length >= atFullDisk.length + 2, {
      timeoutMs: 60_000
    })
    assert.equal((await client.api('POST', `/jobs/${id}/stop`)).status, 200)
    const files = await recordedFiles(folder)
    await assertPlays(files, ffmpeg)
    const { body: history } = await client.api('GET', `/jobs/${id}/history`)
    const errors = history.map(
      ({ status, error }: { status: string; error: string }) => `${status}: ${error}`
    )
    console.log(
      `      ${files.length} files; the history, newest first:\n        ${errors.join('\n        ')}`
    )
    assert.ok(errors.includes('error: no space left on the disk'))
  })

  it('under the database gets writers a 503, loses nothing, and is over when there is space again', async function () {
    disk = await mountOrSkip(this, 160)
    const host = await startPlatformProcess({
      directory: directory.path,
      dataDirectory: join(disk.path, 'data')
    })
    const extra = { tags: Array.from({ length: 100 }, (_, index) => String(index).padStart(100, '.')) }
    const writers = startWriters(host, { clients: 2, extra, goOn: true })
    await writers.reach(50)
    await disk.fill()
    await until('a refused write', () => writers.refused.size > 0, { timeoutMs: 100_000 })
    assert.equal((await host.api('GET', '/health')).status, 200)
    const from = Date.now()
    await disk.free()
    await writers.reach(writers.acknowledged.length + 20)
    console.log(`      written again ${Date.now() - from} ms after there was space`)
    await writers.stop()
    console.log(
      `      refused: ${[...writers.refused].map(([status, said]) => `${status} ${said}`).join('; ')}`
    )
    assert.deepEqual([...writers.refused.keys()], [503])
    await assertNothingLost(host, writers.acknowledged)
    host.child.kill('SIGTERM')
    assert.equal(await host.ended, 0)
  })
})
