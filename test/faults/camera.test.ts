import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { recorder } from '@signalbox/recorder'
import type { Socket } from 'socket.io-client'
import { findFfmpeg, makeTestVideo, startFakeCamera, type FakeCamera } from '../support/fakeCamera/index.ts'
import { nextEvent } from '../support/nextEvent.ts'
import { startTestPlatform, type TestClient, type TestPlatform } from '../support/startTestPlatform.ts'
import { until } from '../support/until.ts'
import { assertPlays } from '../support/assertPlays.ts'
import { cameraFaults, type CameraFault } from './cameraFaults.ts'
import { createJob } from './createJob.ts'
import { faultTable, type FaultCost } from './faultTable.ts'
import { recordedFiles } from './recordedFiles.ts'
import { secondsLost } from './secondsLost.ts'

const run = promisify(execFile)
const fps = 15
const username = 'viewer'
const password = 'pa:ss w@rd'
const page = fileURLToPath(new URL('../../docs/recorder-faults.md', import.meta.url))

interface Outcome extends FaultCost {
  readonly recorded: readonly string[]
  /** For how long the camera sent nothing, in seconds. */
  readonly silence: number
  /** Names of the events that came after the fault, in their order. */
  readonly heard: readonly string[]
}

describe('A recording under the faults of its camera', function () {
  this.timeout(120_000)
  const cameras: FakeCamera[] = []
  const outcomes = new Map<CameraFault, Promise<Outcome>>()
  const seen: string[] = []
  let ffmpeg: string
  let video: Buffer
  let platform: TestPlatform
  let client: TestClient
  let socket: Socket

  before(async function () {
    const found = await findFfmpeg('PATH', 'npm')
    if (!found) {
      console.log('    not tested: recording through faults; no ffmpeg here (apt-get install ffmpeg)')
      return this.skip()
    }
    ffmpeg = found.path
    video = await makeTestVideo({ ffmpeg, fps })
    platform = await startTestPlatform({ plugins: [recorder({ networks: ['127.0.0.0/8'] })] })
    client = await platform.admin()
    socket = await client.socket()
    socket.onAny((event: string, payload: unknown) => seen.push(`${event} ${JSON.stringify(payload)}`))
    // All at once: each has a camera of its own, and most of a fault's time is waiting.
    for (const fault of cameraFaults) {
      const outcome = suffer(fault)
      outcome.catch(() => {})
      outcomes.set(fault, outcome)
    }
  })

  after(async () => {
    await Promise.allSettled(outcomes.values())
    await platform?.stop()
    await Promise.all(cameras.map((camera) => camera.stop()))
  })

  async function newCamera(): Promise<FakeCamera> {
    const camera = await startFakeCamera({ username, password, video, fps, stamp: true })
    cameras.push(camera)
    return camera
  }

  async function suffer({ name, reaction, inject, silences = false }: CameraFault): Promise<Outcome> {
    const camera = await newCamera()
    const id = await createJob(client, camera, { name })
    const folder = join(platform.dataDirectory, 'recordings', id)
    const heard: string[] = []
    socket.onAny((event: string, payload: { jobId?: string }) => {
      if (payload?.jobId === id && event.startsWith('job:')) heard.push(event)
    })
    socket.emit('subscribe:logs', id)
    const started = nextEvent<{ jobId: string; pid: number }>(socket, 'job:started', {
      matches: ({ jobId }) => jobId === id,
      timeoutMs: 30_000
    })
    assert.equal((await client.api('POST', `/jobs/${id}/start`)).status, 200)
    const { pid } = await started
    const running = async (): Promise<boolean> => {
      const { body } = await client.api('GET', `/jobs/${id}`)
      return body.runtime.state === 'running'
    }
    const moreFiles = async (): Promise<boolean> => {
      const before = (await recordedFiles(folder)).length
      return until(
        `two more files of: ${name}`,
        async () => (await recordedFiles(folder)).length >= before + 2,
        {
          timeoutMs: 60_000
        }
      )
    }
    await moreFiles()

    heard.length = 0
    const from = Date.now()
    await inject(camera, pid)
    const to = silences ? Date.now() : from
    await moreFiles()
    await until(`a running job: ${name}`, running, { timeoutMs: 60_000 })
    const events = heard.filter((event) => event !== 'job:log')

    assert.equal((await client.api('POST', `/jobs/${id}/stop`)).status, 200)
    const recorded = await recordedFiles(folder)
    const lost = await secondsLost(recorded, { ffmpeg, fps, outage: { from, to } })
    for (const path of [`/jobs/${id}`, `/jobs/${id}/logs?limit=500`, `/jobs/${id}/history`]) {
      const { status, body } = await client.api('GET', path)
      assert.equal(status, 200)
      seen.push(JSON.stringify(body))
    }
    return {
      name,
      reaction,
      lost,
      files: recorded.length,
      recorded,
      silence: (to - from) / 1000,
      heard: events
    }
  }

  for (const fault of cameraFaults) {
    const { name, restarts, mostLost } = fault
    it(`${name}: at most ${mostLost} s are lost, and every file plays`, async () => {
      const { lost, recorded, silence, heard } = (await outcomes.get(fault)) as Outcome
      console.log(
        `      ${lost.toFixed(2)} s lost, ${recorded.length} files, ${heard.join(' ') || 'no event'}`
      )
      assert.ok(lost <= mostLost, `${lost} s lost`)
      assert.equal(heard.includes('job:retry'), restarts)
      assert.equal(heard.includes('job:started'), restarts)
      assert.ok(!heard.includes('job:stopped'))
      await assertPlays(recorded, ffmpeg)
      for (const file of recorded) assert.ok((await durationOf(file)) < silence + 5, file)
    })
  }

  it('is given up after its retries, said so, and stays meant to run', async () => {
    const camera = await newCamera()
    camera.reject(404)
    const id = await createJob(client, camera, { name: 'No such stream', maxRetries: 1 })
    const matches = ({ jobId }: { jobId: string }) => jobId === id
    const retry = nextEvent(socket, 'job:retry', { matches })
    const stopped = nextEvent<{ jobId: string; status: string }>(socket, 'job:stopped', {
      matches,
      timeoutMs: 20_000
    })
    assert.equal((await client.api('POST', `/jobs/${id}/start`)).status, 200)
    assert.deepEqual(await retry, { jobId: id, jobName: 'No such stream', retry: 1, maxRetries: 1 })
    assert.equal((await stopped).status, 'error')
    const { runtime } = (await client.api('GET', `/jobs/${id}`)).body
    assert.equal(runtime.running, true)
    assert.equal(runtime.state, 'waiting')
    assert.match(runtime.lastError, /404/)
    assert.equal((await client.api('POST', `/jobs/${id}/stop`)).body.runtime.running, false)
  })

  it('shows the credentials of a camera nowhere: not in ps, logs, history or events', async () => {
    const camera = await newCamera()
    const id = await createJob(client, camera, { name: 'Seen in ps' })
    const started = nextEvent(socket, 'job:started', { matches: ({ jobId }) => jobId === id })
    await client.api('POST', `/jobs/${id}/start`)
    const { pid } = await started
    const { stdout } = await run('ps', ['-ww', '-eo', 'pid,args'])
    assert.ok(stdout.includes(String(pid)))
    await client.api('POST', `/jobs/${id}/stop`)
    await Promise.all(outcomes.values())

    const all = [stdout, ...seen].join('\n')
    assert.ok(all.includes('job:log'), 'logs were heard')
    for (const secret of [password, encodeURIComponent(password), 'pa:ss', 'w@rd', 'w%40rd']) {
      assert.ok(!all.includes(secret), secret)
    }
  })

  it('costs what docs/recorder-faults.md says', async function () {
    if (process.env['SIGNALBOX_WRITE_DOCS'] !== '1') return this.skip()
    const costs = await Promise.all(outcomes.values())
    const { stdout } = await run(ffmpeg, ['-version'])
    const version = /^ffmpeg version \S+/.exec(stdout)?.[0].replace(' version', '') ?? 'an unknown ffmpeg'
    await writeFile(page, faultTable(costs, version))
  })

  async function durationOf(file: string): Promise<number> {
    const args = ['-nostdin', '-hide_banner', '-i', file, '-c', 'copy', '-f', 'null', '-']
    const { stderr } = await run(ffmpeg, args)
    const [, hours = 0, minutes = 0, seconds = 'none'] = /Duration: (\d+):(\d+):([\d.]+)/.exec(stderr) ?? []
    return Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)
  }
})
