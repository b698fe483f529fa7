import type { Application } from '@feathersjs/feathers'
import { invalidField, PlatformError, type Caller, type Origin } from '@signalbox/plugin'
import createRouter, { type HTTPMethod } from 'find-my-way'
import type { Context, Middleware } from 'koa'
import type { Answer, DoorParams } from '../resources/CallParams.ts'
import { readBody } from './readBody.ts'
import { routesOf, type Route } from './routes.ts'
import type { Registry } from '../resources/Registry.ts'

export interface RestDoorOptions {
  readonly app: Application
  readonly registry: Registry
  /** The path of the API: `/api`, below the base path. */
  readonly root: string
  readonly bodyLimit: number
  /** The caller that open mode gives to a request without a token, where the request is one it answers. */
  readonly openCaller: (request: { readonly headers: Context['headers'] }) => Caller | undefined
}

interface Match {
  readonly route: Route
  readonly id: string | undefined
}

/** Answers `/api/…`: finds the route, reads the body, calls the service, writes the answer. It decides nothing. */
export function restDoor(options: RestDoorOptions): Middleware {
  const { app, registry, root, bodyLimit } = options
  const find = routeFinder(routesOf(registry.models()), root)

  return async (ctx, next) => {
    if (!ctx.path.startsWith(`${root}/`)) return next()
    const { route, id } = find(ctx)
    ctx.state['route'] = `${root}${route.path}`
    const data = ctx.method === 'GET' ? undefined : await readBody(ctx.req, bodyLimit)
    const answer: Answer = {}
    const params: DoorParams = {
      provider: 'rest',
      query: ctx.query,
      token: bearerToken(ctx.headers.authorization),
      caller: ctx.headers.authorization === undefined ? options.openCaller(ctx) : undefined,
      origin: originOf(ctx),
      answer,
      version: ifMatch(ctx.headers['if-match']),
      idempotencyKey: header(ctx, 'idempotency-key')
    }
    const service = app.service(route.model.path) as unknown as Record<
      string,
      (...args: unknown[]) => Promise<unknown>
    >
    const call = service[route.method] as (...args: unknown[]) => Promise<unknown>
    const body = await call.call(service, ...argumentsOf(route, id, data, params))
    write(ctx, route, body, answer)
  }
}

function argumentsOf(
  { method, named }: Route,
  id: string | undefined,
  data: unknown,
  params: DoorParams
): unknown[] {
  if (named) {
    if (method === 'find') return [params]
    if (method === 'patch') return [null, requireBody(data), params]
    // A stock Feathers client posts also what a GET takes from its query.
    const input = data ?? (named.http === 'GET' ? params.query : {})
    if (typeof input !== 'object' || input === null || Array.isArray(input)) {
      throw new PlatformError('invalid', 'The body must be a JSON object.')
    }
    return [id === undefined ? input : { ...input, id }, params]
  }
  switch (method) {
    case 'find':
      return [params]
    case 'create':
      return [requireBody(data), params]
    case 'update':
    case 'patch':
      return [id, requireBody(data), params]
    default:
      return [id, params]
  }
}

function requireBody(data: unknown): unknown {
  if (data === undefined) throw new PlatformError('invalid', 'A JSON body is required.')
  return data
}

function write(ctx: Context, route: Route, body: unknown, { status, total, next }: Answer): void {
  ctx.status = status ?? (route.method === 'create' && !route.named ? 201 : 200)
  if (total !== undefined) ctx.set('X-Total-Count', String(total))
  if (next !== undefined) ctx.append('Link', `<${nextUrl(ctx, next)}>; rel="next"`)
  const { id, version } = (body ?? {}) as { id?: unknown; version?: unknown }
  if (!route.named && typeof version === 'number') ctx.set('ETag', `"${version}"`)
  if (ctx.status === 201 && typeof id === 'string')
    ctx.set('Location', `${ctx.path}/${encodeURIComponent(id)}`)
  ctx.type = 'application/json; charset=utf-8'
  ctx.body = JSON.stringify(body ?? null)
}

function nextUrl(ctx: Context, cursor: string): string {
  const query = new URLSearchParams(ctx.querystring)
  query.set('$after', cursor)
  query.delete('$skip')
  query.delete('page')
  return `${ctx.path}?${query.toString()}`
}

/** Literals come before ids, ids are percent-decoded, and a known path with another verb is a 405. */
function routeFinder(routes: readonly Route[], root: string): (ctx: Context) => Match {
  const router = createRouter({ ignoreTrailingSlash: true, maxParamLength: 500 })
  for (const route of routes) router.on(route.verb, `${root}${route.path}`, () => {}, route)
  const verbs = [...new Set(routes.map(({ verb }) => verb))]
  return (ctx) => {
    const method = ctx.method === 'HEAD' ? 'GET' : ctx.method
    // The stock Feathers REST client names a custom method in a header and the record in the body.
    const named = header(ctx, 'x-service-method')
    if (named !== undefined)
      return { route: feathersRoute(routes, ctx.path.slice(root.length + 1), named), id: undefined }
    const found = router.find(method as HTTPMethod, ctx.path)
    if (found) return { route: found.store as Route, id: found.params['id'] }
    const allowed = verbs.filter((verb) => router.find(verb, ctx.path))
    if (!allowed.length) throw new PlatformError('notFound', `There is nothing at ${ctx.path}.`)
    ctx.set('Allow', allowed.join(', '))
    throw new PlatformError(
      'methodNotAllowed',
      `${ctx.path} does not answer ${ctx.method}, only ${allowed.join(', ')}.`
    )
  }
}

function feathersRoute(routes: readonly Route[], path: string, method: string): Route {
  const route = routes.find((candidate) => candidate.model.path === path && candidate.named?.name === method)
  if (!route) throw new PlatformError('methodNotAllowed', `${path} has no method ${method}.`)
  return route
}

export function bearerToken(authorization: string | undefined): string | undefined {
  if (authorization === undefined) return undefined
  // Feathers' clients send the bare token.
  return authorization.replace(/^Bearer\s+/i, '').trim()
}

function ifMatch(value: string | undefined): number | undefined {
  if (value === undefined || value === '*') return undefined
  const version = /^(?:W\/)?"?(\d{1,9})"?$/.exec(value.trim())?.[1]
  if (version === undefined) throw invalidField('If-Match', 'must be a version, as in the ETag of the record')
  return Number(version)
}

function header(ctx: Context, name: string): string | undefined {
  const value = ctx.headers[name]
  return Array.isArray(value) ? value[0] : value
}

export function originOf(ctx: Context): Origin {
  return {
    provider: 'rest',
    address: ctx.ip,
    ...(ctx.headers['user-agent'] !== undefined && { userAgent: ctx.headers['user-agent'] })
  }
}
