import type { Middleware } from 'koa'
import type { PlatformConfig } from '../config/PlatformConfig.ts'
import type { DocumentPages } from '../documents/pages.ts'
import { version } from '../platform/version.ts'

export interface DocumentsDoorOptions {
  readonly config: PlatformConfig
  readonly pages: DocumentPages
  /** `ok` or `degraded`. */
  readonly status: () => string
}

/** Answers the root and the documents: OpenAPI, AsyncAPI, the manifest and the pages that show them. */
export function documentsDoor({ config, pages, status }: DocumentsDoorOptions): Middleware {
  const root = `${config.basePath}/`
  return async (ctx, next) => {
    if (ctx.method !== 'GET' && ctx.method !== 'HEAD') return next()
    if ((ctx.path === root || `${ctx.path}/` === root) && ctx.accepts('json', 'html') !== 'html') {
      ctx.state['route'] = root
      ctx.body = { name: config.name, version, status: status() }
      return
    }
    const page = pages.get(ctx.path)
    if (!page || !(config.docs.public || page.isWelcome)) return next()
    ctx.state['route'] = ctx.path
    ctx.set('Content-Security-Policy', page.csp ?? "default-src 'none'")
    ctx.set('Cache-Control', page.cacheSeconds ? `public, max-age=${page.cacheSeconds}` : 'no-cache')
    if (page.etag) {
      ctx.set('ETag', `"${page.etag}"`)
      ctx.status = 200
      if (ctx.fresh) {
        ctx.status = 304
        return
      }
    }
    ctx.type = page.type
    ctx.body = page.body
  }
}
