import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { recorder } from '@signalbox/recorder'
import { assertPlays } from '../support/assertPlays.ts'
import { databases } from '../support/databases.ts'
import { findFfmpeg, makeTestVideo, startFakeCamera, type FakeCamera } from '../support/fakeCamera/index.ts'
import { nextEvent } from '../support/nextEvent.ts'
import { startTestPlatform, type TestPlatform } from '../support/startTestPlatform.ts'
import { until } from '../support/until.ts'

const run = promisify(execFile)

for (const { name, open } of databases) {
  describe(`The first hour, on ${name}`, function () {
    this.timeout(60_000)
    let platform: TestPlatform
    let camera: FakeCamera
    let ffmpeg: string
    let drop: () => Promise<void>

    before(async function () {
      const found = await findFfmpeg('PATH', 'npm')
      if (!found) {
        console.log('    not tested: recording; no ffmpeg here (apt-get install ffmpeg)')
        return this.skip()
      }
      ffmpeg = found.path
      const database = await open(this)
      drop = database.drop
      camera = await startFakeCamera({
        username: 'viewer',
        password: 'pa:ss w@rd',
        video: await makeTestVideo({ ffmpeg })
      })
      platform = await startTestPlatform({
        databaseUrl: database.url,
        plugins: [recorder({ networks: ['127.0.0.0/8'] })]
      })
    })

    after(async () => {
      await platform?.stop()
      await camera?.stop()
      await drop?.()
    })

    it('records a camera, loses it, finds it again, and every file plays', async () => {
      const client = await platform.admin()
      const socket = await client.socket()

      const created = await client.api('POST', '/cameras', {
        name: 'Gate',
        protocol: 'rtsp',
        streams: { main: camera.url('/main') },
        username: 'viewer',
        password: 'pa:ss w@rd'
      })
      assert.equal(created.status, 201)
      assert.ok(!('password' in created.body))
      const tested = await client.api('POST', `/cameras/${created.body.id}/test`)
      assert.equal(tested.body.success, true, tested.body.error)
      assert.equal(tested.body.streams[0].codec, 'h264')

      const job = await client.api('POST', '/jobs', {
        name: 'Gate, always',
        cameraId: created.body.id,
        segmentDuration: 2
      })
      assert.equal(job.status, 201, JSON.stringify(job.body))
      const { id } = job.body
      const subscribed = nextEvent(socket, 'subscribed')
      socket.emit('subscribe:logs', id)
      assert.deepEqual(await subscribed, { room: `logs:${id}` })

      const started = nextEvent(socket, 'job:started')
      assert.equal((await client.api('POST', `/jobs/${id}/start`)).status, 200)
      const { pid } = await started
      assert.equal((await client.api('POST', `/jobs/${id}/start`)).status, 409)
      await assertHidden(pid, 'pa:ss w@rd')

      const logged = nextEvent(socket, 'job:log', { timeoutMs: 20_000 })
      const retried = nextEvent(socket, 'job:retry')
      camera.drop()
      assert.deepEqual(await retried, { jobId: id, jobName: 'Gate, always', retry: 1, maxRetries: 3 })
      await nextEvent(socket, 'job:started')
      assert.equal((await logged).jobId, id)
      await until(
        'a running job',
        async () => (await client.api('GET', `/jobs/${id}`)).body.runtime.state === 'running'
      )

      const stopped = nextEvent(socket, 'job:stopped')
      const answer = await client.api('POST', `/jobs/${id}/stop`)
      assert.equal(answer.body.runtime.running, false)
      assert.equal((await stopped).status, 'stopped')

      const folder = join(platform.dataDirectory, 'recordings', id)
      const files = (await readdir(folder)).filter((file) => file.endsWith('.mp4'))
      assert.ok(files.length >= 2)
      await assertPlays(
        files.map((file) => join(folder, file)),
        ffmpeg
      )
      const { body: history } = await client.api('GET', `/jobs/${id}/history`)
      assert.deepEqual(
        history.map((one: { status: string }) => one.status),
        ['stopped', 'error']
      )
      assert.equal(
        history.reduce((sum: number, one: { filesProduced: number }) => sum + one.filesProduced, 0),
        files.length
      )
    })
  })
}

/** No process of this machine shows the text in its arguments. */
async function assertHidden(pid: number, secret: string): Promise<void> {
  const { stdout } = await run('ps', ['-ww', '-eo', 'pid,args'])
  assert.ok(stdout.includes(String(pid)))
  assert.ok(!stdout.includes(secret) && !stdout.includes(encodeURIComponent(secret)))
}
