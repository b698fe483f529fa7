import assert from 'node:assert/strict'
import { readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { recorder } from '@signalbox/recorder'
import { assertPlays } from '../support/assertPlays.ts'
import { findFfmpeg, makeTestVideo, startFakeCamera, type FakeCamera } from '../support/fakeCamera/index.ts'
import { startTestPlatform, type TestClient, type TestPlatform } from '../support/startTestPlatform.ts'
import { temporaryDirectory, type TemporaryDirectory } from '../support/temporaryDirectory.ts'
import { until } from '../support/until.ts'

describe('A camera of each kind', function () {
  this.timeout(60_000)
  let platform: TestPlatform
  let camera: FakeCamera
  let files: TemporaryDirectory
  let client: TestClient
  let ffmpeg: string

  before(async function () {
    const found = await findFfmpeg('PATH', 'npm')
    if (!found) {
      console.log('    not tested: cameras; no ffmpeg here (apt-get install ffmpeg)')
      return this.skip()
    }
    ffmpeg = found.path
    files = await temporaryDirectory()
    const video = await makeTestVideo({ ffmpeg })
    await writeFile(join(files.path, 'loop.h264'), video)
    const args = [
      '-v',
      'error',
      '-r',
      '15',
      '-i',
      join(files.path, 'loop.h264'),
      '-c',
      'copy',
      join(files.path, 'loop.mp4')
    ]
    await promisify(execFile)(ffmpeg, args)
    camera = await startFakeCamera({ username: 'viewer', password: 'secret', video })
    platform = await startTestPlatform({
      plugins: [recorder({ networks: ['127.0.0.0/8'], fileRoots: [files.path] })]
    })
    client = await platform.admin()
  })

  after(async () => {
    await platform?.stop()
    await camera?.stop()
    await files?.remove()
  })

  const kinds = [
    { protocol: 'test', streams: () => undefined },
    { protocol: 'rtsp', streams: () => camera.url('/main') },
    { protocol: 'onvif', streams: () => camera.url('/main') },
    { protocol: 'http', streams: () => camera.httpUrl() },
    { protocol: 'file', streams: () => join(files.path, 'loop.mp4') }
  ] as const

  for (const { protocol, streams } of kinds) {
    it(`is tested and recorded: ${protocol}`, async () => {
      const main = streams()
      const isNetwork = protocol !== 'test' && protocol !== 'file'
      const created = await client.api('POST', '/cameras', {
        name: protocol,
        protocol,
        ...(main !== undefined && { streams: { main } }),
        ...(isNetwork && { username: 'viewer', password: 'secret' })
      })
      assert.equal(created.status, 201, JSON.stringify(created.body))
      const tested = await client.api('POST', `/cameras/${created.body.id}/test`)
      assert.equal(tested.body.success, true, tested.body.error)
      assert.deepEqual([tested.body.streams[0].width, tested.body.streams[0].height], [640, 360])

      const { body: job } = await client.api('POST', '/jobs', {
        name: protocol,
        cameraId: created.body.id,
        segmentDuration: 1
      })
      await client.api('POST', `/jobs/${job.id}/start`)
      const folder = join(platform.dataDirectory, 'recordings', job.id)
      const recorded = async (): Promise<string[]> =>
        (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.mp4'))
      await until('two files', async () => (await recorded()).length >= 2)
      await client.api('POST', `/jobs/${job.id}/stop`)
      const files = (await recorded()).map((name) => join(folder, name))
      await assertPlays(files, ffmpeg)
    })
  }

  it('says why when its password is wrong, and shows the password to nobody', async () => {
    const { body } = await client.api('POST', '/cameras', {
      name: 'Wrong',
      protocol: 'rtsp',
      streams: { main: camera.url('/main', { username: 'viewer', password: 'hunter2' }) }
    })
    assert.deepEqual([body.username, body.streams.main], ['viewer', camera.url('/main')])
    const tested = await client.api('POST', `/cameras/${body.id}/test`)
    assert.equal(tested.status, 200)
    assert.equal(tested.body.success, false)
    assert.match(tested.body.error, /401|password/)
    assert.ok(!JSON.stringify([body, tested.body]).includes('hunter2'))
  })

  it('outside of the allowed networks and folders is refused with the field’s name', async () => {
    const cases = [
      ['rtsp', 'rtsp://192.0.2.1/x'],
      ['rtsp', 'http://127.0.0.1/x'],
      ['http', 'file:///etc/passwd'],
      ['file', '/etc/passwd'],
      ['file', join(files.path, '../../etc/passwd')]
    ]
    for (const [protocol, main] of cases) {
      const { status, body } = await client.api('POST', '/cameras', {
        name: 'x',
        protocol,
        streams: { main }
      })
      assert.deepEqual([status, body.errors?.[0]?.field], [400, 'streams.main'], `${protocol} ${main}`)
    }
  })
})
