import assert from 'node:assert/strict'
import { join } from 'node:path'
import { databases } from '../support/databases.ts'
import { findFfmpeg, makeTestVideo, startFakeCamera, type FakeCamera } from '../support/fakeCamera/index.ts'
import { temporaryDirectory, type TemporaryDirectory } from '../support/temporaryDirectory.ts'
import { until } from '../support/until.ts'
import { assertNothingLost } from './assertNothingLost.ts'
import { assertPlays } from '../support/assertPlays.ts'
import { createJob } from './createJob.ts'
import { isAlive, startedWith } from './processes.ts'
import { recordedFiles } from './recordedFiles.ts'
import { secondsLost } from './secondsLost.ts'
import {
  killPlatforms,
  PlatformRefused,
  startPlatformProcess,
  type PlatformProcess
} from './startPlatformProcess.ts'
import { startWriters } from './writers.ts'

const rounds = 2
const writesARound = 150
const fps = 15

describe('A platform that is killed', function () {
  this.timeout(120_000)
  let directory: TemporaryDirectory

  beforeEach(async () => {
    directory = await temporaryDirectory()
  })

  afterEach(async () => {
    await killPlatforms()
    await directory.remove()
  })

  for (const { name, open } of databases) {
    it(`under writes has every acknowledged one stored and once in the feed, on ${name}`, async function () {
      const { url: databaseUrl, drop } = await open(this)
      try {
        const acknowledged: string[] = []
        for (let round = 0; round < rounds; round++) {
          const platform = await startPlatformProcess({ directory: directory.path, databaseUrl })
          const writers = startWriters(platform)
          await writers.reach(writesARound)
          platform.child.kill('SIGKILL')
          assert.equal(await platform.ended, 'SIGKILL')
          await writers.stop()
          assert.deepEqual([...writers.refused.keys()], ['none'])
          acknowledged.push(...writers.acknowledged)
        }
        const platform = await startPlatformProcess({ directory: directory.path, databaseUrl })
        await assertNothingLost(platform, acknowledged)
      } finally {
        await killPlatforms()
        await drop()
      }
    })
  }

  it('leaves its data directory to one process: a second is refused in one sentence', async () => {
    const first = await startPlatformProcess({ directory: directory.path })
    await assertRefused(startPlatformProcess({ directory: directory.path }))
    assert.equal((await first.api('POST', '/cameras', { name: 'Gate', protocol: 'test' })).status, 201)
  })

  it('leaves its data directory to one process where the data are on a Postgres server too', async function () {
    const { url: databaseUrl, drop } = await databases[1].open(this)
    try {
      const first = await startPlatformProcess({ directory: directory.path, databaseUrl })
      await assertRefused(startPlatformProcess({ directory: directory.path, databaseUrl }))
      assert.equal((await first.api('POST', '/cameras', { name: 'Gate', protocol: 'test' })).status, 201)
    } finally {
      await killPlatforms()
      await drop()
    }
  })

  async function assertRefused(second: Promise<unknown>): Promise<void> {
    await assert.rejects(second, ({ exit, stderr }: PlatformRefused) => {
      assert.equal(exit, 1)
      assert.match(stderr, /^signalbox: .* is in use by another process \(pid \d+\).*\n$/)
      return true
    })
  }

  describe('while it records', () => {
    let ffmpeg: string
    let video: Buffer
    let cameras: FakeCamera[]

    before(async function () {
      const found = await findFfmpeg('PATH', 'npm')
      if (!found) {
        console.log('    not tested: a kill while recording; no ffmpeg here (apt-get install ffmpeg)')
        return this.skip()
      }
      ffmpeg = found.path
      video = await makeTestVideo({ ffmpeg, fps })
    })

    beforeEach(() => {
      cameras = []
    })

    afterEach(async () => {
      await killPlatforms()
      await Promise.all(cameras.map((camera) => camera.stop()))
    })

    async function newCamera(): Promise<FakeCamera> {
      const camera = await startFakeCamera({
        username: 'viewer',
        password: 'secret',
        video,
        fps,
        stamp: true
      })
      cameras.push(camera)
      return camera
    }

    async function startJob(platform: PlatformProcess, camera: FakeCamera, name: string): Promise<string> {
      const id = await createJob(platform, camera, { name })
      const started = await platform.api('POST', `/jobs/${id}/start`)
      assert.equal(started.status, 200, JSON.stringify(started.body))
      return id
    }

    async function runtimeOf(platform: PlatformProcess, id: string) {
      return (await platform.api('GET', `/jobs/${id}`)).body.runtime
    }

    /** Waits for two files more than there are. */
    async function moreFiles(folder: string): Promise<void> {
      const before = (await recordedFiles(folder)).length
      await until('two more files', async () => (await recordedFiles(folder)).length >= before + 2, {
        timeoutMs: 40_000
      })
    }

    function filesIn(history: readonly { readonly filesProduced: number }[]): number {
      return history.reduce((sum, { filesProduced }) => sum + filesProduced, 0)
    }

    function folderOf(id: string): string {
      return join(directory.path, 'data', 'recordings', id)
    }

    it('resumes by itself at its next start, its files play, and the history says killed', async () => {
      const first = await startPlatformProcess({ directory: directory.path })
      const names = ['Gate', 'Yard']
      const ids = await Promise.all(names.map(async (name) => startJob(first, await newCamera(), name)))
      await Promise.all(ids.map((id) => moreFiles(folderOf(id))))
      const pids = await Promise.all(ids.map(async (id): Promise<number> => (await runtimeOf(first, id)).pid))
      const from = Date.now()
      // One ffmpeg is killed with its platform, the other is left to outlive it.
      process.kill(pids[1] as number, 'SIGKILL')
      first.child.kill('SIGKILL')
      await first.ended

      const second = await startPlatformProcess({ directory: directory.path })
      for (const pid of pids) await until('the end of the earlier ffmpeg', async () => !(await isAlive(pid)))
      await Promise.all(ids.map((id) => moreFiles(folderOf(id))))
      for (const [index, id] of ids.entries()) {
        assert.equal((await runtimeOf(second, id)).state, 'running')
        assert.equal((await second.api('POST', `/jobs/${id}/stop`)).status, 200)
        const { body: history } = await second.api('GET', `/jobs/${id}/history`)
        assert.deepEqual(
          history.map(({ status }: { status: string }) => status),
          ['stopped', 'killed']
        )
        const files = await recordedFiles(folderOf(id))
        assert.equal(filesIn(history), files.length)
        await assertPlays(files, ffmpeg)
        const lost = await secondsLost(files, { ffmpeg, fps, outage: { from, to: from } })
        console.log(
          `      ${names[index]}: ${files.length} files, ${lost.toFixed(2)} s lost from kill to resumption`
        )
        assert.ok(lost < 20, `${lost} s lost`)
      }
    })

    it('retries an ffmpeg that is killed, and tells its signal in the history', async () => {
      const platform = await startPlatformProcess({ directory: directory.path })
      const id = await startJob(platform, await newCamera(), 'Gate')
      await moreFiles(folderOf(id))
      const { pid } = await runtimeOf(platform, id)
      process.kill(pid, 'SIGKILL')
      await moreFiles(folderOf(id))
      const runtime = await runtimeOf(platform, id)
      assert.equal(runtime.state, 'running')
      assert.notEqual(runtime.pid, pid)
      const { body: history } = await platform.api('GET', `/jobs/${id}/history`)
      assert.equal(history[1].status, 'killed')
      assert.equal(history[1].signal, 'SIGKILL')
      await platform.api('POST', `/jobs/${id}/stop`)
      await assertPlays(await recordedFiles(folderOf(id)), ffmpeg)
    })

    it('ends every ffmpeg at a SIGTERM within 10 s, frozen cameras included, and exits with 0', async () => {
      const platform = await startPlatformProcess({ directory: directory.path })
      const [well, frozen, gone] = [await newCamera(), await newCamera(), await newCamera()]
      const ids = [await startJob(platform, well, 'Well'), await startJob(platform, frozen, 'Frozen')]
      for (const id of ids) await moreFiles(folderOf(id))
      frozen.freeze()
      gone.silent()
      await startJob(platform, gone, 'Silent')
      const mark = `SIGNALBOX_PLATFORM_PID=${platform.child.pid}\0`
      await until('three processes', async () => (await startedWith(mark)).length >= 3)

      const from = Date.now()
      platform.child.kill('SIGTERM')
      assert.equal(await platform.ended, 0)
      const took = Date.now() - from
      console.log(`      three jobs ended in ${took} ms`)
      assert.ok(took < 10_000, `${took} ms`)
      assert.deepEqual(await startedWith(mark), [])
      for (const id of ids) await assertPlays(await recordedFiles(folderOf(id)), ffmpeg)
    })
  })
})
