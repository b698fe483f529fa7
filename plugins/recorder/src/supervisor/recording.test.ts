import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { type TemporaryDirectory, temporaryDirectory } from '../../../../test/support/temporaryDirectory.ts'
import type { Ffmpeg } from '../ffmpeg/Ffmpeg.ts'
import { adoptLeftovers } from './adoptLeftovers.ts'
import { Supervisor, type SupervisorOptions } from './Supervisor.ts'
import type { JobStopped } from './SupervisorEvents.ts'
import {
  commandLines,
  eventually,
  faultsOf,
  installedFfmpegs,
  isAlive,
  jobSpec,
  notTested,
  testCamera,
  tsArguments
} from './support.test.ts'
import type { OutputFormat, RecordedFile, RunRecord } from './types.ts'

for (const which of ['system', 'packaged'] as const) {
  describe(`recording with the ${which} ffmpeg`, () => {
    let ffmpeg: Ffmpeg
    let directory: TemporaryDirectory
    let supervisor: Supervisor
    let files: RecordedFile[]
    let runs: RunRecord[]
    let stopped: JobStopped[]

    function supervise(options: Partial<SupervisorOptions> = {}): void {
      supervisor = new Supervisor({ ffmpeg, instance: 'test', ...options })
      supervisor.on('file', (file) => files.push(file))
      supervisor.on('run', (record) => runs.push(record))
      supervisor.on('stopped', (event) => stopped.push(event))
    }

    before(async function () {
      const found = (await installedFfmpegs())[which]
      if (!found) notTested(this, which)
      ffmpeg = found
    })
    beforeEach(async () => {
      directory = await temporaryDirectory()
      files = []
      runs = []
      stopped = []
      supervise()
    })
    afterEach(async () => {
      await supervisor.close()
      await directory.remove()
    })

    async function assertAllPlay(): Promise<void> {
      for (const { path } of files) assert.equal(await faultsOf(ffmpeg, path), '', path)
    }

    for (const outputFormat of ['mp4', 'mkv', 'ts'] satisfies OutputFormat[]) {
      it(`writes ${outputFormat} files of one second that all play`, async () => {
        supervisor.start(jobSpec(directory.path, { outputFormat }))
        await eventually('three files', () => files.length >= 3)
        await supervisor.stop('job-1')
        await assertAllPlay()
        const [record] = runs.slice(-1)
        assert.equal(record?.status, 'stopped')
        assert.equal(record.exitCode, 255)
        assert.equal(record.filesProduced, files.length)
        assert.equal(
          record.bytesProduced,
          files.reduce((sum, { bytes }) => sum + bytes, 0)
        )
        const lasted = Number(files[1]?.endedAt) - Number(files[1]?.startedAt)
        assert.ok(lasted > 800 && lasted < 1_300, `a file of ${lasted} ms`)
        assert.deepEqual(await readdir(join(directory.path, '.incoming')), [])
      })
    }

    it('is running only when pictures come', async () => {
      supervisor.start(jobSpec(directory.path))
      assert.equal(supervisor.runtime('job-1').state, 'starting')
      await eventually('running', () => supervisor.runtime('job-1').state === 'running')
      assert.ok(isAlive(supervisor.runtime('job-1').pid ?? 0))
    })

    it('goes on after a kill -9, and keeps what was recorded before', async () => {
      supervisor.start(jobSpec(directory.path, { segmentDuration: 60 }))
      const first = await new Promise<number>((resolve) =>
        supervisor.once('started', ({ pid }) => resolve(pid))
      )
      const folder = join(directory.path, '.incoming')
      await eventually('two groups of pictures', async () => {
        const [run = ''] = await readdir(folder)
        const size = (await readFile(join(folder, run, '000000.mp4')).catch(() => '')).length
        return size > 150_000
      })
      process.kill(first, 'SIGKILL')
      await eventually('the next process', () => {
        const { state, pid } = supervisor.runtime('job-1')
        return state === 'running' && pid !== first
      })
      assert.equal(files.length, 1)
      await assertAllPlay()
      const [ended] = runs.filter(({ status }) => status === 'killed')
      assert.equal(ended?.signal, 'SIGKILL')
      assert.equal(ended.filesProduced, 1)
    })

    it('notices a process that stands still', async function () {
      this.timeout(30_000)
      await supervisor.close()
      supervise({ stallAfterMs: 4_000 })
      supervisor.start(jobSpec(directory.path))
      await eventually('running', () => supervisor.runtime('job-1').state === 'running')
      const pid = supervisor.runtime('job-1').pid ?? 0
      process.kill(pid, 'SIGSTOP')
      await eventually('stalled', () => supervisor.runtime('job-1').state === 'stalled')
      await eventually('the retry', () => supervisor.runtime('job-1').state === 'backoff')
      assert.ok(!isAlive(pid))
      assert.match(supervisor.runtime('job-1').lastError ?? '', /^stalled/)
      assert.equal(runs.at(-1)?.status, 'error')
    })

    it('takes a single picture', async () => {
      supervisor.start(jobSpec(directory.path, { action: 'snapshot', triggerType: 'oneshot' }))
      await eventually('the end', () => stopped.length > 0)
      assert.equal(stopped[0]?.status, 'completed')
      assert.equal(files.length, 1)
      assert.match(files[0]?.path ?? '', /\.jpg$/)
      await assertAllPlay()
    })

    it('takes a picture each second', async () => {
      supervisor.start(jobSpec(directory.path, { action: 'snapshot' }))
      await eventually('three pictures', () => files.length >= 3)
      await supervisor.stop('job-1')
      await assertAllPlay()
    })

    it('makes a film of a picture a second', async () => {
      supervisor.start(
        jobSpec(directory.path, { action: 'timelapse', triggerType: 'oneshot', durationSeconds: 3 })
      )
      await eventually('the end', () => stopped.length > 0)
      assert.equal(stopped[0]?.status, 'completed')
      assert.equal(files.length, 1)
      await assertAllPlay()
    })

    it('sees that something moves', async () => {
      const seen = new Promise<number>((resolve) => supervisor.once('motion', ({ score }) => resolve(score)))
      supervisor.start(jobSpec(directory.path, { action: 'detect_motion' }))
      const score = await seen
      assert.ok(score > 0.01 && score <= 1, String(score))
    })

    it('tests a connection', async () => {
      supervisor.start(jobSpec(directory.path, { action: 'test_connection' }))
      await eventually('the end', () => stopped.length > 0)
      assert.equal(stopped[0]?.status, 'completed')
      assert.deepEqual(files, [])
    })

    it('plays a file again and again, in real time', async () => {
      supervisor.start(jobSpec(directory.path, { triggerType: 'oneshot' }))
      await eventually('a file', () => stopped.length > 0)
      const camera = { ...testCamera, protocol: 'file', url: files[0]?.path ?? '' } as const
      supervisor.start(jobSpec(directory.path, { id: 'job-2', camera }))
      await eventually(
        'more than the file holds',
        () => files.filter(({ jobId }) => jobId === 'job-2').length >= 3
      )
      await supervisor.stop('job-2')
      await assertAllPlay()
    })

    it('encodes to the wanted size', async () => {
      const changes = {
        codec: 'h264',
        resolution: '320x180',
        extraArgs: ['-vf', 'hflip', '-r', '5']
      } as const
      supervisor.start(jobSpec(directory.path, changes))
      await eventually('a file', () => files.length > 0)
      await supervisor.stop('job-1')
      await assertAllPlay()
    })

    it('shows the credentials of a camera nowhere', async () => {
      const refusing = createServer((socket) => {
        socket.on('error', () => socket.destroy())
        socket.on('data', (chunk) => {
          const sequence = /CSeq: (\d+)/.exec(chunk.toString('latin1'))?.[1]
          const status = 'RTSP/1.0 401 Unauthorized\r\nWWW-Authenticate: Basic realm="cam"'
          setTimeout(() => socket.write(`${status}\r\nCSeq: ${sequence}\r\n\r\n`), 200)
        })
      })
      await new Promise<void>((resolve) => refusing.listen(0, '127.0.0.1', resolve))
      const address = refusing.address()
      const port = typeof address === 'object' ? address?.port : 0
      const url = `rtsp://127.0.0.1:${port}/live`
      const camera = {
        id: 'c',
        name: 'c',
        protocol: 'rtsp',
        url,
        username: 'admin',
        password: "hunter2'/@"
      } as const
      const told: unknown[] = []
      for (const name of ['run', 'log', 'stopped', 'retry', 'started'] as const) {
        supervisor.on(name, (event: unknown) => told.push(event))
      }
      let shown: string[] = []
      supervisor.start(jobSpec(directory.path, { camera, maxRetries: 0 }))
      await eventually('the failure', async () => {
        shown = [...shown, ...(await commandLines())]
        return stopped.length > 0
      })
      refusing.close()
      assert.ok(shown.some((line) => line.includes(directory.path)))
      assert.match(supervisor.runtime('job-1').lastError ?? '', /^401 unauthorized/)
      await supervisor.close()
      const everything = JSON.stringify([shown, told, supervisor.logs('job-1'), supervisor.runtime('job-1')])
      assert.ok(supervisor.logs('job-1').some((line) => line.includes('401')))
      assert.ok(!/hunter2|aHVudGVyMg|admin:/.test(everything))
      assert.equal(stopped[0]?.status, 'error')
    })

    it('leaves no process behind when the platform is killed, and its files are adopted', async function () {
      if (process.platform !== 'linux') this.skip()
      const program = join(directory.path, 'platform.mts')
      const output = join(directory.path, 'out')
      const options = JSON.stringify({ ...ffmpeg, encoders: [...ffmpeg.encoders] })
      await writeFile(
        program,
        `import { Supervisor } from ${JSON.stringify(join(import.meta.dirname, 'Supervisor.ts'))}
        const ffmpeg = ${options}
        const supervisor = new Supervisor({ ffmpeg: { ...ffmpeg, encoders: new Set(ffmpeg.encoders) }, instance: 'dead' })
        supervisor.on('started', ({ pid }) => console.log(pid))
        supervisor.start(${JSON.stringify(jobSpec(output, { segmentDuration: 60 }))})`
      )
      const platform = spawn(process.execPath, [...tsArguments, program], {
        stdio: ['ignore', 'pipe', 'inherit']
      })
      const pid = await new Promise<number>((resolve) =>
        platform.stdout.once('data', (chunk) => resolve(Number(chunk)))
      )
      const folder = join(output, '.incoming')
      await eventually('two groups of pictures', async () => {
        const [run = ''] = await readdir(folder)
        return (await readFile(join(folder, run, '000000.mp4')).catch(() => '')).length > 150_000
      })
      platform.kill('SIGKILL')
      await eventually('the end of ffmpeg', () => !isAlive(pid))
      files = await adoptLeftovers(output)
      assert.equal(files.length, 1)
      await assertAllPlay()
    })
  })
}
