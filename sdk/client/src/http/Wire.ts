import { isSignalboxError, SignalboxError } from '../SignalboxError.ts'
import { encodeQuery } from './encodeQuery.ts'
import { errorOf } from './errorOf.ts'
import { plain } from './plain.ts'

/** What is asked of the platform. */
export interface Request {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Below the API’s root: `/cameras/1`. */
  readonly path: string
  /** Which records, or the input of a method that is a GET. */
  readonly query?: object | undefined
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
  /** Whether it does the same when it comes twice; every GET does. */
  readonly repeatable?: boolean
  /** Whether it is sent without a token. */
  readonly open?: boolean
}

export interface Answer {
  readonly body: any
  /** The cursor of the next part of a list. */
  readonly next: string | undefined
}

/** Asks once. Rejects with a `SignalboxError`, or with the signal’s reason. */
export type Wire = (request: Request, token: string | undefined, signal: AbortSignal) => Promise<Answer>

/** Gives exchanges over HTTP. `url` is the platform’s, its base path included, without a slash at the end. */
export function openWire(url: string, fetch: typeof globalThis.fetch): Wire {
  return async ({ method, path, query = {}, body, headers }, token, signal) => {
    const init: RequestInit = { method, signal, headers: { ...headers } }
    const sent = init.headers as Record<string, string>
    if (token) sent['authorization'] = `Bearer ${token}`
    if (body !== undefined) {
      sent['content-type'] = 'application/json'
      init.body = JSON.stringify(body)
    }
    try {
      const response = await fetch(`${url}/api${path}${encodeQuery(plain(query))}`, init)
      return read(response, await response.text())
    } catch (error) {
      signal.throwIfAborted()
      if (isSignalboxError(error)) throw error
      // Node says the reason in the cause.
      const { message, cause } = error as Error
      const reason = (cause as Error | undefined)?.message || message
      throw new SignalboxError('unreachable', `${url} does not answer: ${reason}`, { cause: error })
    }
  }
}

function read({ ok, status, headers, url }: Response, text: string): Answer {
  let body: any
  try {
    body = JSON.parse(text)
  } catch {
    if (ok) throw new SignalboxError('internal', `What answers at ${url} is no platform.`, { status })
  }
  if (ok) return { body, next: nextOf(headers.get('link')) }
  throw errorOf(status, body ?? {})
}

/** The cursor alone: what stands before it may be a proxy’s business. */
function nextOf(link: string | null): string | undefined {
  const query = /\?([^>]*)>;\s*rel="next"/.exec(link ?? '')?.[1]
  return new URLSearchParams(query).get('$after') ?? undefined
}
