import { definePlugin } from '@signalbox/plugin'
import { cameras, jobs } from '@signalbox/recorder'

/** Gives an empty platform something to look at: a test camera, and a job that records it. */
export const demo = definePlugin({
  name: '@signalbox/demo',
  version: '0.1.0',
  platform: '^1.0.0',
  requires: { '@signalbox/recorder': '>=0.1.0' },
  async start(ctx) {
    if (await ctx.service(cameras).count()) return
    const camera = await ctx.service(cameras).create({
      name: 'Test picture',
      protocol: 'test',
      location: 'Nowhere',
      tags: ['demo']
    })
    const job = await ctx.service(jobs).create({
      name: 'Test picture, ten seconds a file',
      cameraId: camera.id,
      segmentDuration: 10,
      retentionMaxGB: 0.5
    })
    await ctx.service(jobs).start(job.id)
  }
})
