import { rm } from 'node:fs/promises'
import type { Context } from '@signalbox/plugin'
import { jobs } from '../resources/jobs.ts'

interface FileRow {
  readonly path: string
  readonly bytes: number
}

/** Deletes what a job's retention lets go on this node, oldest first: files past their days, then files past its bytes. */
export async function removeExpired(ctx: Context, signal: AbortSignal): Promise<void> {
  for (const job of await ctx.service(jobs).find()) {
    if (signal.aborted) return
    const { retentionDays, retentionMaxGB } = job
    if (retentionDays !== null) await remove(ctx, await olderThan(ctx, job.id, retentionDays))
    if (retentionMaxGB !== null) await remove(ctx, await beyond(ctx, job.id, retentionMaxGB * 1e9))
  }
}

async function olderThan(ctx: Context, jobId: string, days: number): Promise<FileRow[]> {
  const limit = new Date(Date.now() - days * 86_400_000)
  return ctx
    .db()('recorder_files')
    .where({ job_id: jobId })
    .where('ended_at', '<', limit)
    .where((here) => here.whereNull('instance').orWhere('instance', ctx.instance))
    .orderBy('started_at')
    .select('path', 'bytes')
}

/** All but the newest files that together fit into `bytes`. */
async function beyond(ctx: Context, jobId: string, bytes: number): Promise<FileRow[]> {
  const { rows } = (await ctx.db().raw(
    `select path, bytes from (
       select path, bytes, started_at, sum(bytes) over (order by started_at desc, path desc) as total
       from recorder_files where job_id = ? and coalesce(instance = ?, true)
     ) summed where total > ? order by started_at`,
    [jobId, ctx.instance, bytes]
  )) as { rows: FileRow[] }
  return rows
}

/** The file goes before its row: what a crash leaves between the two is found again by the next pass. */
async function remove(ctx: Context, files: readonly FileRow[]): Promise<void> {
  for (const { path } of files) {
    await rm(path, { force: true })
    await ctx.db()('recorder_files').where({ path }).delete()
  }
}
