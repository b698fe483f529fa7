import assert from 'node:assert/strict'
import { type TemporaryDirectory, temporaryDirectory } from '../../../../test/support/temporaryDirectory.ts'
import { Supervisor, type SupervisorOptions } from './Supervisor.ts'
import type { JobRetry, JobStopped } from './SupervisorEvents.ts'
import { eventually, HandClock, isAlive, jobSpec, scriptSpec } from './support.test.ts'
import type { RunRecord } from './types.ts'

const FOREVER = 'setInterval(() => {}, 1000)'

describe('Supervisor', () => {
  let directory: TemporaryDirectory
  let supervisor: Supervisor
  let clock: HandClock
  let stopped: JobStopped[]
  let retries: JobRetry[]
  let runs: RunRecord[]

  function supervise(options: Partial<SupervisorOptions> = {}): void {
    supervisor = new Supervisor({ ffmpeg: undefined, instance: 'test', ...options })
    supervisor.on('stopped', (event) => stopped.push(event))
    supervisor.on('retry', (event) => retries.push(event))
    supervisor.on('run', (record) => runs.push(record))
  }

  beforeEach(async () => {
    directory = await temporaryDirectory()
    clock = new HandClock()
    stopped = []
    retries = []
    runs = []
    supervise()
  })
  afterEach(async () => {
    await supervisor.close()
    await directory.remove()
  })

  const state = () => supervisor.runtime('job-1').state
  /** The lines of the job's process; the supervisor's own are marked. */
  const said = () => supervisor.logs('job-1').filter((line) => !line.startsWith('[signalbox]'))

  it('tells a job from its start to its stop, and leaves no process', async () => {
    const started = new Promise<number>((resolve) => supervisor.once('started', ({ pid }) => resolve(pid)))
    supervisor.start(scriptSpec(directory.path, FOREVER))
    const pid = await started
    assert.ok(isAlive(pid))
    assert.equal(state(), 'running')
    assert.deepEqual(
      supervisor.activeProcesses().map((process) => process.pid),
      [pid]
    )
    await supervisor.stop('job-1')
    assert.ok(!isAlive(pid))
    assert.equal(supervisor.runtime('job-1').running, false)
    const [event] = stopped
    assert.equal(event?.status, 'stopped')
    assert.equal(event.signal, 'SIGINT')
    assert.deepEqual(
      runs.map(({ status }) => status),
      ['running', 'stopped']
    )
  })

  it('says that a job runs already', async () => {
    supervisor.start(scriptSpec(directory.path, FOREVER))
    assert.throws(() => supervisor.start(scriptSpec(directory.path, FOREVER)), { code: 'JOB_RUNNING' })
  })

  it('says how to get an ffmpeg when there is none', () => {
    assert.throws(() => supervisor.start(jobSpec(directory.path)), {
      code: 'FFMPEG_MISSING',
      message: /apt-get/
    })
    assert.equal(state(), 'stopped')
  })

  it('finds a job that ends as it should completed', async () => {
    const script =
      'console.log("out"); console.error("err"); require("fs").writeFileSync(process.argv[1], "x")'
    const spec = scriptSpec(directory.path, script, { triggerType: 'oneshot' })
    const customCommand = { program: process.execPath, args: ['-e', script, '{output}/a.txt'] }
    supervisor.start({ ...spec, customCommand })
    await eventually('the end', () => stopped.length > 0)
    assert.equal(stopped[0]?.status, 'completed')
    assert.equal(runs.at(-1)?.filesProduced, 1)
    assert.deepEqual(said().sort(), ['err', 'out'])
    assert.match(supervisor.logs('job-1')[0] ?? '', /^\[signalbox\] running as process \d+$/)
    assert.equal(supervisor.logs('job-1').at(-1), '[signalbox] completed')
  })

  it('takes an end that nobody asked for as a failure, even with 0', async () => {
    supervise({ clock })
    supervisor.start(scriptSpec(directory.path, ''))
    await eventually('the retry', () => retries.length > 0)
    assert.equal(state(), 'backoff')
    assert.deepEqual(retries, [{ jobId: 'job-1', jobName: 'Gate', retry: 1, maxRetries: 3 }])
    assert.equal(runs.at(-1)?.status, 'error')
    const [delay = 0] = clock.pending.filter((ms) => ms > 200)
    assert.ok(delay >= 800 && delay <= 1_200, `${delay} ms`)
  })

  it('gives up after the last retry, waits, and tries again each minute', async () => {
    supervise({ clock })
    supervisor.start(scriptSpec(directory.path, 'process.exit(3)', { maxRetries: 2 }))
    for (let failures = 1; failures <= 3; failures += 1) {
      await eventually(`run ${failures}`, () => runs.length === 2 * failures && state() !== 'starting')
      if (failures < 3) clock.advance(5_000)
    }
    assert.equal(state(), 'waiting')
    assert.equal(retries.length, 2)
    assert.deepEqual(
      stopped.map(({ status, code }) => [status, code]),
      [['error', 3]]
    )
    assert.equal(supervisor.runtime('job-1').lastError, 'ended with exit code 3')
    clock.advance(59_000)
    assert.equal(runs.length, 6)
    clock.advance(1_000)
    await eventually('the next try', () => runs.length === 8)
    await supervisor.stop('job-1')
    assert.equal(stopped.at(-1)?.status, 'stopped')
  })

  it('gives a job that is no continuous one up for good', async () => {
    supervise({ clock })
    const changes = { maxRetries: 0, triggerType: 'fixed_duration', durationSeconds: 60 } as const
    supervisor.start(scriptSpec(directory.path, 'process.exit(1)', changes))
    await eventually('the end', () => stopped.length > 0)
    assert.equal(state(), 'failed')
    assert.equal(supervisor.runtime('job-1').running, false)
    supervisor.start(scriptSpec(directory.path, FOREVER))
    assert.equal(supervisor.runtime('job-1').running, true)
  })

  it('counts anew after ten seconds of health', async () => {
    supervise({ clock })
    supervisor.start(scriptSpec(directory.path, FOREVER, { maxRetries: 1 }))
    for (let failure = 1; failure <= 4; failure += 1) {
      await eventually('a running process', () => state() === 'running')
      clock.advance(10_000)
      process.kill(supervisor.runtime('job-1').pid ?? 0, 'SIGKILL')
      await eventually('the back-off', () => retries.length === failure && state() === 'backoff')
      clock.advance(2_000)
    }
    assert.deepEqual(new Set(retries.map(({ retry }) => retry)), new Set([1]))
    assert.deepEqual(stopped, [])
    assert.equal(runs.find(({ status }) => status === 'killed')?.signal, 'SIGKILL')
  })

  it('ends a job of fixed duration when its time is over', async () => {
    supervise({ clock })
    const changes = { triggerType: 'fixed_duration', durationSeconds: 60 } as const
    supervisor.start(scriptSpec(directory.path, FOREVER, changes))
    await eventually('a running process', () => state() === 'running')
    clock.advance(59_000)
    assert.equal(state(), 'running')
    clock.advance(1_000)
    await eventually('the end', () => stopped.length > 0)
    assert.equal(stopped[0]?.status, 'completed')
    assert.equal(runs.at(-1)?.status, 'completed')
  })

  it('kills what does not heed the soft signal, and says so', async () => {
    supervise({ stopGraceMs: 200 })
    const script = `process.on("SIGINT", () => console.log("no")); console.log("ready"); ${FOREVER}`
    supervisor.start(scriptSpec(directory.path, script))
    await eventually('its first line', () => supervisor.logs('job-1').includes('ready'))
    await supervisor.stop('job-1')
    assert.equal(stopped[0]?.status, 'killed')
    assert.equal(stopped[0].signal, 'SIGKILL')
    assert.deepEqual(said(), ['ready', 'no'])
  })

  it('leaves nothing of what a command started itself', async () => {
    const child = `require("child_process").spawn(process.execPath, ["-e", ${JSON.stringify(FOREVER)}], { detached: true })`
    supervisor.start(scriptSpec(directory.path, `console.log(${child}.pid); ${FOREVER}`))
    await eventually('the pid of the grandchild', () => said().length > 0)
    const grandchild = Number(said()[0])
    assert.ok(isAlive(grandchild))
    await supervisor.stop('job-1')
    await eventually('its end', () => !isAlive(grandchild))
  })

  it('hands no secret of the platform to a process', async () => {
    process.env.SIGNALBOX_SECRET = 'top'
    try {
      const changes = { triggerType: 'oneshot' } as const
      supervisor.start(scriptSpec(directory.path, 'console.log(JSON.stringify(process.env))', changes))
      await eventually('the end', () => stopped.length > 0)
    } finally {
      delete process.env.SIGNALBOX_SECRET
    }
    const env: Record<string, string> = JSON.parse(said()[0] ?? '{}')
    assert.equal(env.SIGNALBOX_SECRET, undefined)
    assert.equal(env.SIGNALBOX_JOB_ID, 'job-1')
    assert.equal(env.SIGNALBOX_INSTANCE, 'test')
  })

  it('tells a program that does not exist', async () => {
    const customCommand = { program: '/nowhere/tool', args: [] }
    supervisor.start(jobSpec(directory.path, { action: 'custom_command', customCommand, maxRetries: 0 }))
    await eventually('the end', () => stopped.length > 0)
    assert.equal(stopped[0]?.status, 'error')
    assert.match(supervisor.runtime('job-1').lastError ?? '', /could not be started|no such file|127/)
  })

  it('ends everything at once when it is closed, and takes no more', async () => {
    for (let count = 1; count <= 5; count += 1)
      supervisor.start(scriptSpec(directory.path, FOREVER, { id: `job-${count}` }))
    await eventually('five processes', () => supervisor.activeProcesses().length === 5)
    const pids = supervisor.activeProcesses().map(({ pid }) => pid)
    await supervisor.close()
    assert.ok(!pids.some(isAlive))
    assert.throws(() => supervisor.start(scriptSpec(directory.path, FOREVER)), { code: 'CLOSED' })
  })

  it('forgets a job that is gone', async () => {
    supervisor.start(scriptSpec(directory.path, `console.log("x"); ${FOREVER}`))
    await eventually('a line', () => supervisor.logs('job-1').length > 0)
    await supervisor.forget('job-1')
    assert.deepEqual(supervisor.logs('job-1'), [])
  })
})
