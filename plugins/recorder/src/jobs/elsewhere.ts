import { setTimeout as pause } from 'node:timers/promises'
import { PlatformError, type Context } from '@signalbox/plugin'
import type { OpenRun, RunHistory } from '../history/RunHistory.ts'
import { decide } from '../Recording.ts'
import { cameras } from '../resources/cameras.ts'
import { jobs } from '../resources/jobs.ts'
import type { JobRuntime } from '../supervisor/types.ts'

const waitMs = 20_000
const lookMs = 50

/**
 * Decides that a job is to run, on a node that does not record: the one that does hears of it as of any change. Resolves
 * when it has acted. @throws `unavailable` when it has not within 20 s
 */
export async function startElsewhere(ctx: Context, history: RunHistory, id: string): Promise<void> {
  const { name, cameraId } = await ctx.service(jobs).get(id)
  if (await history.openRun(id)) throw new PlatformError('conflict', `The job ${name} is running already.`)
  const camera = await ctx.service(cameras).get(cameraId)
  if (!camera.enabled) throw new PlatformError('conflict', `The camera ${camera.name} is disabled.`)
  const version = await decide(ctx, id, true)
  if (await isActedOn(history, { id, version })) return
  throw new PlatformError(
    'unavailable',
    'The node that records has not started the job yet; it is meant to run.'
  )
}

/** The same for a stop: the run is over then. */
export async function stopElsewhere(ctx: Context, history: RunHistory, id: string): Promise<void> {
  const version = await decide(ctx, id, false)
  if (await isActedOn(history, { id, version })) return
  throw new PlatformError(
    'unavailable',
    'The node that records has not stopped the job yet; it is no longer meant to run.'
  )
}

/** Whether the node that records, which tells of it in the database, acts on a decision in time. */
async function isActedOn(
  history: RunHistory,
  { id, version }: { readonly id: string; readonly version: number }
): Promise<boolean> {
  const deadline = Date.now() + waitMs
  while (!(await history.isSettled(id, version))) {
    if (Date.now() > deadline) return false
    await pause(lookMs)
  }
  return true
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
