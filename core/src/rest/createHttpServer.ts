import { createServer, type Server } from 'node:http'
import type { Application } from '@feathersjs/feathers'
import { cors, koa } from '@feathersjs/koa'
import { anonymousCaller, PlatformError, type Logger } from '@signalbox/plugin'
import type { Context, Middleware, Next } from 'koa'
import { v7 as uuid } from 'uuid'
import { encodeError, toPlatformError } from '../errors/encodeError.ts'
import { withRequest } from '../logging/requestContext.ts'

export interface HttpServerOptions {
  readonly app: Application
  readonly log: Logger
  readonly trustProxy: boolean
  readonly corsOrigins: readonly string[]
  /** What answers, in order; each passes on what is not its own. */
  readonly doors: readonly Middleware[]
}

/** The HTTP server: one request id, one log line, one form of error, then the doors. */
export function createHttpServer({ app, log, trustProxy, corsOrigins, doors }: HttpServerOptions): Server {
  const http = koa(app)
  http.proxy = trustProxy
  http.silent = true
  http.use(requestScope)
  http.use(logRequest(log))
  http.use(securityHeaders)
  http.use(answerErrors(log))
  if (corsOrigins.length) http.use(crossOrigin(corsOrigins) as never)
  for (const door of doors) http.use(door as never)
  const server = createServer(http.callback())
  server.requestTimeout = 60_000
  server.headersTimeout = 15_000
  server.keepAliveTimeout = 65_000
  return server
}

/** Every request has an id: the proxy's, where it sends a sensible one. */
function requestScope(ctx: Context, next: Next): Promise<unknown> {
  const given = ctx.get('x-request-id')
  const requestId = /^[\w.-]{1,100}$/.test(given) ? given : uuid()
  ctx.set('X-Request-Id', requestId)
  ctx.state['requestId'] = requestId
  return withRequest({ caller: anonymousCaller, requestId }, next)
}

function logRequest(log: Logger): Middleware {
  return async (ctx, next) => {
    const started = performance.now()
    await next()
    const ms = Math.round((performance.now() - started) * 10) / 10
    log.debug({ method: ctx.method, path: ctx.path, status: ctx.status, ms, address: ctx.ip }, 'request')
  }
}

async function securityHeaders(ctx: Context, next: Next): Promise<void> {
  ctx.set('X-Content-Type-Options', 'nosniff')
  ctx.set('X-Frame-Options', 'DENY')
  ctx.set('Referrer-Policy', 'no-referrer')
  ctx.set('Cache-Control', 'no-store')
  await next()
}

function answerErrors(log: Logger): Middleware {
  return async (ctx, next) => {
    try {
      await next()
      if (ctx.status === 404 && ctx.body === undefined) {
        throw new PlatformError('notFound', `There is nothing at ${ctx.path}.`)
      }
    } catch (error) {
      const failure = toPlatformError(error, ctx.state['requestId'] as string)
      if (failure.kind === 'internal')
        log.error({ err: error, method: ctx.method, path: ctx.path }, 'A request failed')
      ctx.status = failure.code
      const retryAfter = failure.data?.['retryAfter']
      if (typeof retryAfter === 'number') ctx.set('Retry-After', String(retryAfter))
      if (failure.code === 413) ctx.set('Connection', 'close')
      ctx.body = encodeError(failure)
    }
  }
}

function crossOrigin(allowed: readonly string[]): Middleware {
  return cors({
    origin: (ctx: Context) => {
      const origin = ctx.get('origin')
      return allowed.includes('*') || allowed.includes(origin) ? origin : ''
    },
    exposeHeaders: ['ETag', 'Link', 'Location', 'Retry-After', 'X-Request-Id', 'X-Total-Count'],
    maxAge: 600
  })
}
