import { setTimeout as pause } from 'node:timers/promises'
import { PlatformError, type Context } from '@signalbox/plugin'
import type { OpenRun, RunHistory } from '../history/RunHistory.ts'
import { decide } from '../Recording.ts'
import { cameras } from '../resources/cameras.ts'
import { jobs } from '../resources/jobs.ts'
import type { JobRuntime } from '../supervisor/types.ts'

const stopMs = 20_000
const lookMs = 100

/** Decides that a job is to run, on a node that does not record: the one that does hears of it as of any change. */
export async function startElsewhere(ctx: Context, history: RunHistory, id: string): Promise<void> {
  const { name, cameraId } = await ctx.service(jobs).get(id)
  if (await history.openRun(id)) throw new PlatformError('conflict', `The job ${name} is running already.`)
  const camera = await ctx.service(cameras).get(cameraId)
  if (!camera.enabled) throw new PlatformError('conflict', `The camera ${camera.name} is disabled.`)
  await decide(ctx, id, true)
}

/** The same for a stop; resolves when the run is over. @throws `unavailable` when it is not within 20 s */
export async function stopElsewhere(ctx: Context, history: RunHistory, id: string): Promise<void> {
  await decide(ctx, id, false)
  const deadline = Date.now() + stopMs
  // The run is the other node's, which tells of its end in the database.
  while (await history.openRun(id)) {
    if (Date.now() > deadline)
      throw new PlatformError(
        'unavailable',
        'The node that records has not stopped the job; it is no longer meant to run.'
      )
    await pause(lookMs)
  }
}

/** What is known of a job that another node runs. */
export function runtimeElsewhere(run: OpenRun | undefined): JobRuntime {
  return {
    running: run !== undefined,
    state: run ? 'running' : 'stopped',
    pid: null,
    startedAt: run?.startedAt ?? null,
    uptime: run ? (Date.now() - run.startedAt.getTime()) / 1000 : null,
    retries: 0,
    lastError: null
  }
}
