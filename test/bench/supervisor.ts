import assert from 'node:assert/strict'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { recorder } from '@signalbox/recorder'
import { findFfmpeg } from '../support/fakeCamera/index.ts'
import { startTestPlatform, type TestClient } from '../support/startTestPlatform.ts'
import { until } from '../support/until.ts'
import { cpuOf } from './cpuOf.ts'
import { inSecondProcess } from './inSecondProcess.ts'
import { measure, rounds } from './measure.ts'
import type { CameraTasks } from './processes/camera.ts'
import type { Benchmark, Row } from './Row.ts'

const recorders = 50
const segmentDuration = 20
/** Of one file, so that every round ends as many. */
const roundMs = segmentDuration * 1000

export const supervisor: Benchmark = {
  name: 'supervisor',
  about: `The platform on its embedded database records ${recorders} RTSP streams of 300 kbit/s in files of
${segmentDuration} s, a third of the default; a round is as long, so that in each every recorder ends a file and begins the
next. The cameras are another process. The share is what all threads of the platform's process compute, the database's
among them; the ffmpegs are told apart. Counted: no recorder has failed, and each has files.`,
  run: async () => {
    const ffmpeg = await findFfmpeg('PATH', 'npm')
    if (!ffmpeg) throw new Error('no ffmpeg here: apt-get install ffmpeg')
    const camera = await inSecondProcess<CameraTasks>(new URL('./processes/camera.ts', import.meta.url))
    const platform = await startTestPlatform({
      databaseUrl: undefined,
      plugins: [recorder({ ffmpegPath: ffmpeg.path, networks: ['127.0.0.0/8'] })]
    })
    try {
      const url = await camera.call('start', ffmpeg.path)
      const client = await platform.admin()
      const jobs = await startRecorders(client, url)
      const pids = await running(client)
      const results = await rounds(async () => {
        const before = await cpuOf(pids)
        const share = await shareOfCore(() => sleep(roundMs))
        return { share, ffmpegs: (((await cpuOf(pids)) - before) / (roundMs / 1000)) * 100 }
      })
      assert.deepEqual(await running(client), pids, 'no recorder was started again')
      await assertRecorded(join(platform.dataDirectory, 'recordings'), jobs)
      return rowsOf(results)
    } finally {
      await platform.stop()
      await camera.stop()
    }
  }
}

function rowsOf(results: readonly { readonly share: number; readonly ffmpegs: number }[]): Row[] {
  return [
    {
      what: `platform's CPU for ${recorders} recorders`,
      values: results.map(({ share }) => share),
      unit: '% of a core',
      allowed: { atMost: 2 }
    },
    { what: `the ${recorders} ffmpegs`, values: results.map(({ ffmpegs }) => ffmpegs), unit: '% of a core' }
  ]
}

async function shareOfCore(work: () => Promise<unknown>): Promise<number> {
  const { cpuSeconds, seconds } = await measure(work)
  return (cpuSeconds / seconds) * 100
}

async function startRecorders(client: TestClient, url: string): Promise<string[]> {
  const post = async (path: string, body?: unknown): Promise<any> => {
    const answer = await client.api('POST', path, body)
    assert.ok(answer.status < 300, JSON.stringify(answer.body))
    return answer.body
  }
  const ids: string[] = []
  for (let number = 1; number <= recorders; number++) {
    const camera = await post('/cameras', {
      name: `Camera ${number}`,
      protocol: 'rtsp',
      streams: { main: url }
    })
    const job = await post('/jobs', { name: `Camera ${number}`, cameraId: camera.id, segmentDuration })
    await post(`/jobs/${job.id}/start`)
    ids.push(job.id)
  }
  await until(
    'all recorders to record',
    async () => {
      const all = await Promise.all(ids.map((id) => client.api('GET', `/jobs/${id}`)))
      return all.every(({ body }) => body.runtime.state === 'running')
    },
    { timeoutMs: 60_000, everyMs: 500 }
  )
  return ids
}

async function running(client: TestClient): Promise<number[]> {
  const { body } = await client.api('GET', '/status')
  const pids: number[] = body.runningJobs.map(({ pid }: { pid: number }) => pid)
  assert.equal(pids.length, recorders)
  return pids.toSorted((one, other) => one - other)
}

async function assertRecorded(recordings: string, jobs: readonly string[]): Promise<void> {
  for (const id of jobs) {
    const files = (await readdir(join(recordings, id))).filter((file) => file.endsWith('.mp4'))
    assert.ok(files.length >= 5, `${id} has ${files.length} files`)
  }
}
