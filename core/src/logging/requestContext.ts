import { AsyncLocalStorage } from 'node:async_hooks'
import { systemCaller, type Caller } from '@signalbox/plugin'

/** What travels with a request by itself: who asked, and the id under which its log lines are found. */
export interface RequestContext {
  readonly caller: Caller
  readonly requestId: string | undefined
}

const storage = new AsyncLocalStorage<RequestContext>()
const outside: RequestContext = { caller: systemCaller, requestId: undefined }

/** The context of the request that this code runs for; the platform's own outside of one. */
export function currentRequest(): RequestContext {
  return storage.getStore() ?? outside
}

/** Runs `work` as part of a request. */
export function withRequest<T>(context: RequestContext, work: () => T): T {
  return storage.run(context, work)
}
