import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { childEnvironment } from './childEnvironment.ts'
import { endOrphans, findOrphans } from './orphans.ts'
import { eventually, isAlive } from './support.test.ts'

const HARD_OF_HEARING = 'process.on("SIGINT", () => {}); setInterval(() => {}, 1000)'

/** A process whose platform, a short-lived one of its own, is dead already. */
async function orphan(instance: string, script = 'setInterval(() => {}, 1000)'): Promise<number> {
  const { SIGNALBOX_PLATFORM_PID: _, ...env } = childEnvironment({ instance, jobId: 'job-1', runId: 'run-1' })
  const program = `
    const env = { ...process.env, SIGNALBOX_PLATFORM_PID: String(process.pid) }
    const child = require('child_process').spawn(process.execPath, ['-e', ${JSON.stringify(script)}], { env, detached: true, stdio: 'ignore' })
    child.unref()
    console.log(child.pid)`
  const platform = spawn(process.execPath, ['-e', program], { env, stdio: ['ignore', 'pipe', 'inherit'] })
  const pid = await new Promise<number>((resolve) =>
    platform.stdout.once('data', (chunk) => resolve(Number(chunk)))
  )
  await eventually('the end of its platform', () => !isAlive(platform.pid ?? 0))
  return pid
}

describe('endOrphans', () => {
  const pids: number[] = []
  // Another run of these tests on this machine must not end what this one started.
  let instance: string
  before(function () {
    if (process.platform === 'linux') return
    console.log('      not tested: orphans are found in /proc, which only Linux has')
    this.skip()
  })
  beforeEach(() => {
    instance = randomUUID()
  })
  afterEach(() => {
    for (const pid of pids.splice(0)) if (isAlive(pid)) process.kill(pid, 'SIGKILL')
  })

  it('ends what a dead platform left, and says what that was', async () => {
    const pid = await orphan(instance)
    pids.push(pid)
    const [found] = await endOrphans({ instance })
    assert.deepEqual([found?.pid, found?.jobId, found?.runId], [pid, 'job-1', 'run-1'])
    await eventually('its end', () => !isAlive(pid))
    assert.deepEqual(await findOrphans({ instance }), [])
  })

  it('kills what does not heed the soft signal', async () => {
    const pid = await orphan(instance, HARD_OF_HEARING)
    pids.push(pid)
    await endOrphans({ instance, graceMs: 200 })
    await eventually('its end', () => !isAlive(pid))
  })

  it('leaves the processes of another platform alone', async () => {
    const pid = await orphan(instance)
    pids.push(pid)
    assert.deepEqual(await endOrphans({ instance: randomUUID() }), [])
    assert.ok(isAlive(pid))
  })

  it('leaves the processes of a living platform alone', async () => {
    const env = childEnvironment({ instance, jobId: 'j', runId: 'r' })
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { env })
    await new Promise((resolve) => child.once('spawn', resolve))
    pids.push(child.pid ?? 0)
    assert.deepEqual(await findOrphans({ instance }), [])
  })
})
