import type { InitializeHook, LoadHook, ResolveHook } from 'node:module'
import { fileURLToPath } from 'node:url'
import type { MessagePort } from 'node:worker_threads'

/** Module hooks: packages that stand outside of node_modules are run from their sources, and what is loaded is told. */

let port: MessagePort | undefined

export const initialize: InitializeHook<{ readonly port: MessagePort }> = (data) => {
  port = data.port
}

/** One copy of the host is enough. */
const host = /^@signalbox\/(core|plugin|testing)(\/|$)/

export const resolve: ResolveHook = async (specifier, context, next) => {
  if (isPath(specifier)) return await resolvePath(specifier, context, next)
  if (host.test(specifier)) return await next(specifier, context)
  const conditions = [...context.conditions, 'source']
  const source = await next(specifier, { ...context, conditions })
  return isInstalled(source.url) ? await next(specifier, context) : source
}

/** A file that is missing is told as well: it may come. */
const resolvePath: ResolveHook = async (specifier, context, next) => {
  try {
    return await next(specifier, context)
  } catch (error) {
    if (context.parentURL !== undefined) tell(new URL(specifier, context.parentURL).href)
    throw error
  }
}

export const load: LoadHook = async (url, context, next) => {
  tell(url)
  return await next(url, context)
}

function tell(url: string): void {
  if (url.startsWith('file:') && !isInstalled(url)) port?.postMessage(fileURLToPath(url))
}

function isPath(specifier: string): boolean {
  return /^(\.{0,2}\/|file:|node:|data:)/.test(specifier)
}

function isInstalled(url: string): boolean {
  return url.includes('/node_modules/')
}
