import assert from 'node:assert/strict'
import { recorder } from '@signalbox/recorder'
import { findFfmpeg } from '../support/fakeCamera/index.ts'
import { nextEvent } from '../support/nextEvent.ts'
import { startTestPlatform, type TestClient, type TestPlatform } from '../support/startTestPlatform.ts'
import { until } from '../support/until.ts'

describe('A schedule', function () {
  this.timeout(60_000)
  let platform: TestPlatform
  let client: TestClient
  let cameraId: string

  before(async function () {
    if (!(await findFfmpeg('PATH', 'npm'))) {
      console.log('    not tested: schedules; no ffmpeg here (apt-get install ffmpeg)')
      return this.skip()
    }
    platform = await startTestPlatform({ plugins: [recorder()] })
    client = await platform.admin()
    cameraId = (await client.api('POST', '/cameras', { name: 'Test', protocol: 'test' })).body.id
  })

  after(() => platform?.stop())

  it('starts and stops a job by itself, says when it is next, and leaves it alone when disabled', async () => {
    const socket = await client.socket()
    const started = nextEvent(socket, 'job:started')
    const { body: job } = await client.api('POST', '/jobs', {
      name: 'Every five seconds',
      cameraId,
      cron: '*/5 * * * * *',
      triggerType: 'fixed_duration',
      duration: 2
    })
    assert.match((await client.api('GET', `/jobs/${job.id}`)).body.nextOccurrence, /T\d\d:\d\d:\d[05]\.000Z$/)
    assert.equal((await started).jobId, job.id)
    const stopped = await nextEvent(socket, 'job:stopped')
    assert.deepEqual([stopped.jobId, stopped.status], [job.id, 'completed'])
    assert.equal((await nextEvent(socket, 'job:started')).jobId, job.id)

    await client.api('PATCH', `/jobs/${job.id}`, { enabled: false })
    await until(
      'the end of the run',
      async () => !(await client.api('GET', `/jobs/${job.id}`)).body.runtime.running
    )
    const detail = (await client.api('GET', `/jobs/${job.id}`)).body
    assert.deepEqual([detail.nextOccurrence, detail.runtime.state], [null, 'stopped'])
  })

  it('restarts a running job when what it runs with is changed, and only then', async () => {
    const { body: job } = await client.api('POST', '/jobs', { name: 'By hand', cameraId })
    const running = () =>
      until('a running job', async () => {
        const { runtime } = (await client.api('GET', `/jobs/${job.id}`)).body
        return runtime.state === 'running' && runtime.pid
      })
    await client.api('POST', `/jobs/${job.id}/start`)
    const first = await running()
    await client.api('PATCH', `/jobs/${job.id}`, { priority: 3 })
    await client.api('PATCH', `/cameras/${cameraId}`, { location: 'Elsewhere' })
    await platform.drain()
    assert.equal(await running(), first)
    await client.api('PATCH', `/jobs/${job.id}`, { segmentDuration: 30 })
    const second = await until('another process', async () => {
      const pid = await running()
      return pid !== first && pid
    })
    assert.notEqual(second, first)
    assert.equal((await client.api('DELETE', `/jobs/${job.id}`)).status, 200)
    assert.throws(() => process.kill(second, 0), { code: 'ESRCH' })
  })

  it('does not start on a disabled camera', async () => {
    const { body: camera } = await client.api('POST', '/cameras', {
      name: 'Off',
      protocol: 'test',
      enabled: false
    })
    const { body: job } = await client.api('POST', '/jobs', { name: 'Off', cameraId: camera.id })
    const refused = await client.api('POST', `/jobs/${job.id}/start`)
    assert.deepEqual([refused.status, refused.body.message], [409, 'The camera Off is disabled.'])
  })
})
