import { createServer, type Server } from 'node:http'
import type { Application } from '@feathersjs/feathers'
import { cors, koa } from '@feathersjs/koa'
import { anonymousCaller, PlatformError, type Logger } from '@signalbox/plugin'
import type { Context, Middleware, Next } from 'koa'
import { v7 as uuid } from 'uuid'
import { clientAddress } from '../doors/clientAddress.ts'
import { encodeError, toPlatformError } from '../errors/encodeError.ts'
import { withRequest } from '../logging/requestContext.ts'
import type { AnsweredRequest } from '../metrics/Traffic.ts'

export interface HttpServerOptions {
  readonly app: Application
  readonly log: Logger
  readonly trustProxy: boolean
  readonly corsOrigins: readonly string[]
  /** Hears of each request that was answered. */
  readonly observe: (request: AnsweredRequest) => void
  /** What a client gets to send its headers, and its whole request. */
  readonly timeouts?: { readonly headersMs: number; readonly requestMs: number }
  /** What answers, in order; each passes on what is not its own. */
  readonly doors: readonly Middleware[]
}

const defaultTimeouts = { headersMs: 15_000, requestMs: 60_000 }

/** The HTTP server: one request id, one log line, one form of error, then the doors. */
export function createHttpServer(options: HttpServerOptions): Server {
  const { app, log, trustProxy, corsOrigins, observe, doors, timeouts = defaultTimeouts } = options
  const http = koa(app)
  http.proxy = trustProxy
  http.silent = true
  http.use(requestScope(trustProxy))
  http.use(reportRequest(log, observe))
  http.use(securityHeaders)
  http.use(answerErrors(log))
  if (corsOrigins.length) http.use(crossOrigin(corsOrigins) as never)
  for (const door of doors) http.use(door as never)
  return createServer(
    {
      headersTimeout: timeouts.headersMs,
      requestTimeout: timeouts.requestMs,
      // How late a slow client is noticed.
      connectionsCheckingInterval: Math.min(5000, timeouts.headersMs),
      keepAliveTimeout: 65_000
    },
    http.callback()
  )
}

/** Every request has an id: the proxy's, where it sends a sensible one. */
function requestScope(trustProxy: boolean): Middleware {
  return (ctx, next) => {
    const given = ctx.get('x-request-id')
    const requestId = /^[\w.-]{1,100}$/.test(given) ? given : uuid()
    ctx.set('X-Request-Id', requestId)
    ctx.state['requestId'] = requestId
    ctx.request.ip = clientAddress(ctx.req, trustProxy)
    return withRequest({ caller: anonymousCaller, requestId }, next)
  }
}

function reportRequest(log: Logger, observe: HttpServerOptions['observe']): Middleware {
  return async (ctx, next) => {
    const started = performance.now()
    await next()
    const elapsed = performance.now() - started
    const { method, path, status, ip: address } = ctx
    observe({
      method,
      route: (ctx.state['route'] as string | undefined) ?? 'none',
      status,
      seconds: elapsed / 1000
    })
    log.debug({ method, path, status, ms: Math.round(elapsed * 10) / 10, address }, 'request')
  }
}

async function securityHeaders(ctx: Context, next: Next): Promise<void> {
  ctx.set('X-Content-Type-Options', 'nosniff')
  ctx.set('X-Frame-Options', 'DENY')
  ctx.set('Referrer-Policy', 'no-referrer')
  ctx.set('Cache-Control', 'no-store')
  // Koa believes X-Forwarded-Proto of a trusted proxy only.
  if (ctx.secure) ctx.set('Strict-Transport-Security', 'max-age=31536000')
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
