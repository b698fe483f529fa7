import { isIP } from 'node:net'
import type { Caller } from '@signalbox/plugin'

interface Request {
  readonly headers: NodeJS.Dict<string | string[]>
}

const proxyHeaders = [
  'forwarded',
  'via',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  'x-real-ip'
]

/**
 * Open mode: a caller without a token acts with one role, for a first test on one machine. It answers only requests
 * that were made to and from the loopback and that no proxy forwarded; a page of another origin, or a name that
 * was re-bound to 127.0.0.1, gets nothing.
 */
export function openMode(role: string | undefined): (request: Request) => Caller | undefined {
  if (role === undefined) return () => undefined
  const caller: Caller = { kind: 'open', actor: 'open', roles: [role] }
  return ({ headers }) => {
    if (proxyHeaders.some((name) => headers[name] !== undefined)) return undefined
    const { host, origin } = headers
    if (typeof host !== 'string' || !isLoopbackUrl(`http://${host}`)) return undefined
    if (origin !== undefined && (typeof origin !== 'string' || !isLoopbackUrl(origin))) return undefined
    return caller
  }
}

function isLoopbackUrl(url: string): boolean {
  const hostname = URL.canParse(url) ? new URL(url).hostname.replace(/^\[|\]$/g, '') : ''
  if (hostname === 'localhost' || hostname === '::1') return true
  return isIP(hostname) === 4 && hostname.startsWith('127.')
}
