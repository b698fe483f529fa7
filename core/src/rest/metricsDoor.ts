import { createHash, timingSafeEqual } from 'node:crypto'
import type { Application } from '@feathersjs/feathers'
import { systemCaller, type Caller } from '@signalbox/plugin'
import type { Middleware } from 'koa'
import type { PlatformConfig } from '../config/PlatformConfig.ts'
import type { Metric } from '../metrics/Metric.ts'
import { metrics } from '../metrics/metricsService.ts'
import { metricsType, renderMetrics } from '../metrics/renderMetrics.ts'
import { bearerToken, originOf, type RestDoorOptions } from './restDoor.ts'

export interface MetricsDoorOptions extends Pick<PlatformConfig, 'basePath' | 'metrics'> {
  readonly app: Application
  readonly openCaller: RestDoorOptions['openCaller']
}

/** Answers `/metrics` for Prometheus: to who may read metrics, to who has the token of the configuration, or to all. */
export function metricsDoor({ app, basePath, metrics: config, openCaller }: MetricsDoorOptions): Middleware {
  const path = `${basePath}/metrics`
  return async (ctx, next) => {
    if (ctx.path !== path || (ctx.method !== 'GET' && ctx.method !== 'HEAD')) return next()
    ctx.state['route'] = path
    const { authorization } = ctx.headers
    const token = bearerToken(authorization)
    const open: Caller | undefined = authorization === undefined ? openCaller(ctx) : undefined
    const caller = config.public || isSame(token, config.token) ? systemCaller : open
    const params = { provider: 'rest', query: {}, token, caller, origin: originOf(ctx), answer: {} }
    const read = (await app.service(metrics.path).find(params as object)) as { readonly metrics: Metric[] }
    ctx.type = metricsType
    ctx.body = renderMetrics(read.metrics)
  }
}

/** By their hashes, so that the time it takes tells neither the length nor the beginning. */
function isSame(given: string | undefined, secret: string | undefined): boolean {
  if (given === undefined || secret === undefined) return false
  const hash = (text: string): Buffer => createHash('sha256').update(text).digest()
  return timingSafeEqual(hash(given), hash(secret))
}
