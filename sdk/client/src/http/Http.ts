import type { TokenSource } from '../session/keepTokens.ts'
import type { CallOptions } from '../ResourceClient.ts'
import { isSignalboxError } from '../SignalboxError.ts'
import { persist } from './persist.ts'
import type { Answer, Request, Wire } from './Wire.ts'
import { withDeadline } from './withDeadline.ts'

export interface HttpOptions {
  readonly wire: Wire
  readonly tokens: TokenSource
  readonly timeoutMs: number
  /** Ends every call: the client is closed. */
  readonly closing: AbortSignal
}

/** Calls over HTTP: signed, refreshed once, tried again where that is safe, and over at their deadline. */
export type Http = (request: Request, options?: CallOptions) => Promise<Answer>

export function openHttp({ wire, tokens, timeoutMs: usualMs, closing }: HttpOptions): Http {
  const signed = async (request: Request, signal: AbortSignal): Promise<Answer> => {
    const token = request.open ? undefined : await tokens.token()
    try {
      return await wire(request, token, signal)
    } catch (error) {
      const next = token && isSignalboxError(error, 'unauthorized') && (await tokens.refresh(token))
      if (!next) throw error
      return wire(request, next, signal)
    }
  }
  return (request, { timeoutMs = usualMs, signal } = {}) => {
    const what = `${request.method} ${request.path}`
    return withDeadline({ what, timeoutMs, signals: [closing, signal] }, (deadline) => {
      const act = (): Promise<Answer> => signed(request, deadline.signal)
      return request.method === 'GET' || request.repeatable ? persist(deadline, act) : act()
    })
  }
}
