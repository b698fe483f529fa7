import assert from 'node:assert/strict'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { fileURLToPath } from 'node:url'
import { recorder } from '@signalbox/recorder'
import { nextEvent } from '../support/nextEvent.ts'
import { startTestPlatform, type TestClient } from '../support/startTestPlatform.ts'
import { until } from '../support/until.ts'
import { inSecondProcess } from './inSecondProcess.ts'
import { rounds } from './measure.ts'
import type { LogCount, ListenerTasks } from './processes/listeners.ts'
import type { Benchmark } from './Row.ts'

const perSecond = 10_000
const lines = 30_000
const listeners = 10
const resolutionMs = 1
const program = fileURLToPath(new URL('processes/printLines.js', import.meta.url))

export const logRoom: Benchmark = {
  name: 'log-room',
  about: `A job runs a program that prints ${perSecond.toLocaleString('en')} lines a second, and ${listeners} sockets of
another process follow its log. Lines over the limit of one job, 20,000 a second, are counted, not told. The delay is
that of the platform's event loop (\`monitorEventLoopDelay\`, less its own interval), the longest and the 99th percentile
of each round of ${lines.toLocaleString('en')} lines. Counted, on each socket: lines told and lines said to be dropped
are the lines printed.`,
  run: async () => {
    const others = await inSecondProcess<ListenerTasks>(new URL('./processes/listeners.ts', import.meta.url))
    const platform = await startTestPlatform({
      databaseUrl: undefined,
      plugins: [recorder({ programs: [process.execPath] })]
    })
    try {
      const client = await platform.admin()
      const socket = await client.socket()
      const id = await createJob(client)
      const rooms = Array.from({ length: listeners }, () => id)
      await others.call('connect', {
        url: platform.url,
        token: client.token,
        command: 'subscribe:logs',
        rooms
      })
      await others.call('countLog')
      let expected = 0
      const results = await rounds(async () => {
        const delay = monitorEventLoopDelay({ resolution: resolutionMs })
        delay.enable()
        const stopped = nextEvent(socket, 'job:stopped', { timeoutMs: 30_000 })
        const started = await client.api('POST', `/jobs/${id}/start`)
        assert.equal(started.status, 200, JSON.stringify(started.body))
        assert.equal((await stopped).status, 'completed')
        delay.disable()
        expected += lines
        await until('all lines to be accounted for', async () => {
          const counts = await others.call('takeLog')
          return counts.every((counted) => total(counted) === expected)
        })
        return { longest: delay.max / 1e6 - resolutionMs, p99: delay.percentile(99) / 1e6 - resolutionMs }
      })
      const told = (await others.call('takeLog')).map((counted) => (counted.lines / expected) * 100)
      return [
        {
          what: 'longest stall of the loop',
          values: results.map(({ longest }) => longest),
          unit: 'ms',
          allowed: { atMost: 50 }
        },
        { what: 'p99 of the delay of the loop', values: results.map(({ p99 }) => p99), unit: 'ms' },
        { what: 'lines told, the rest counted', values: told, unit: '%' }
      ]
    } finally {
      await platform.stop()
      await others.stop()
    }
  }
}

function total({ lines: told, dropped }: LogCount): number {
  return told + dropped
}

async function createJob(client: TestClient): Promise<string> {
  const camera = await client.api('POST', '/cameras', { name: 'None', protocol: 'test' })
  const job = await client.api('POST', '/jobs', {
    name: 'Talkative',
    cameraId: camera.body.id,
    action: 'custom_command',
    triggerType: 'oneshot',
    customCommand: { program: process.execPath, args: [program, String(perSecond), String(lines)] }
  })
  assert.equal(job.status, 201, JSON.stringify(job.body))
  return job.body.id
}
