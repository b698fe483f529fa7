import { definePlugin, statusReports } from '@signalbox/plugin'
import { cameraPreparations } from './cameras/cameraPreparations.ts'
import { CameraPolicy } from './cameras/cameraPolicy.ts'
import { recorderConfig } from './config.ts'
import { jobPreparations } from './jobs/jobPreparations.ts'
import { migrations } from './migrations.ts'
import { Recorder } from './Recorder.ts'
import { cameras } from './resources/cameras.ts'
import { jobs } from './resources/jobs.ts'
import { logRoom, subscribeLogs, unsubscribeLogs } from './resources/logRooms.ts'
import { version } from './version.ts'

/**
 * Records cameras through ffmpeg.
 *
 * @example
 * export default defineConfig({ plugins: [recorder({ storage: '/srv/recordings' })] })
 */
export const recorder = definePlugin({
  name: '@signalbox/recorder',
  version,
  platform: '^1.0.0',
  config: recorderConfig,
  resources: [cameras, jobs],
  commands: [subscribeLogs, unsubscribeLogs],
  migrations,
  start: (ctx) => Recorder.start(ctx),
  register(ctx) {
    ctx.prepare(cameras, cameraPreparations(ctx, new CameraPolicy(ctx.config)))
    ctx.handle(cameras, { test: ({ id }) => ctx.started.test(id) })
    ctx.prepare(jobs, jobPreparations(ctx))
    ctx.hook(jobs, {
      get: [
        async (context, next) => {
          await next()
          context.result = { ...context.result, ...(await ctx.started.detail(context.result)) }
        }
      ],
      remove: [
        async ({ id }, next) => {
          await next()
          ctx.running.afterCommit(() => void ctx.started.forgetJob(id as string))
        }
      ]
    })
    ctx.handle(jobs, {
      start: async ({ id }) => {
        await ctx.started.startJob(id)
        return ctx.running.service(jobs).get(id)
      },
      stop: async ({ id }) => {
        await ctx.started.stopJob(id)
        return ctx.running.service(jobs).get(id)
      },
      logs: async ({ id, data }) => ({ jobId: id, lines: await ctx.started.logs(id, data.limit) }),
      history: ({ id, data }) => ctx.started.history.of(id, data.limit)
    })
    ctx.command(subscribeLogs, async (jobId, connection) => {
      await ctx.running.service(jobs, { as: connection.caller }).get(jobId)
      connection.join(logRoom(jobId))
      return { room: logRoom(jobId) }
    })
    ctx.command(unsubscribeLogs, (jobId, connection) => {
      connection.leave(logRoom(jobId))
      return { room: logRoom(jobId) }
    })
    ctx.extend(statusReports, () => ctx.started.status())
  }
})
