import assert from 'node:assert/strict'
import { fileURLToPath } from 'node:url'
import { io, type Socket } from 'socket.io-client'
import { until } from '../support/until.ts'
import type { ApiCaller } from './createJob.ts'

/** A socket with all that it hears. */
export interface JobListener {
  readonly socket: Socket
  readonly events: { readonly event: string; readonly payload: any }[]
  hears(event: string): boolean
  /** The named events of jobs, in order. */
  ofJobs(): string[]
  /** Asks to follow the log of a job; resolves with the answer, also where that is no. */
  follow(job: string): Promise<unknown>
  /** The numbers of the lines that it heard of the log of a `talkativeJob`. */
  lines(): number[]
}

const printLines = fileURLToPath(new URL('../bench/processes/printLines.js', import.meta.url))

/** Connects; resolves when the platform has let the socket in. */
export async function listenToJobs({ url }: { readonly url: string }, token: string): Promise<JobListener> {
  const socket = io(url, { auth: { token }, transports: ['websocket'], forceNew: true, reconnection: false })
  const events: JobListener['events'] = []
  socket.onAny((event: string, payload: unknown) => events.push({ event, payload }))
  const hears = (name: string): boolean => events.some(({ event }) => event === name)
  await until('its greeting', () => hears('hello'))
  return {
    socket,
    events,
    hears,
    ofJobs: () => events.map(({ event }) => event).filter((event) => event.startsWith('job:')),
    follow: (job) =>
      socket
        .timeout(10_000)
        .emitWithAck('subscribe:logs', job)
        .catch((error: unknown) => error),
    lines: () => {
      const logs = events.filter(({ event }) => event === 'job:log')
      const text = logs.map(({ payload }) => String(payload.line)).join('\n')
      return [...text.matchAll(/^measurement (\d+) /gm)].map(([, n]) => Number(n))
    }
  }
}

/** Puts a job into a platform that prints numbered lines at a steady rate, and returns its id. */
export async function talkativeJob(
  caller: ApiCaller,
  { perSecond, lines }: { readonly perSecond: number; readonly lines: number }
): Promise<string> {
  const { body: camera } = await caller.api('POST', '/cameras', { name: 'None', protocol: 'test' })
  const job = await caller.api('POST', '/jobs', {
    name: 'Talkative',
    cameraId: camera.id,
    action: 'custom_command',
    triggerType: 'oneshot',
    customCommand: { program: process.execPath, args: [printLines, String(perSecond), String(lines)] }
  })
  assert.equal(job.status, 201, JSON.stringify(job.body))
  return job.body.id
}
