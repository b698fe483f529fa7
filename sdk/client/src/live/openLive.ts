import { listeners } from '../events/listeners.ts'
import { backOff } from '../http/backOff.ts'
import { isPassing } from '../http/persist.ts'
import { follow } from '../events/follow.ts'
import type { ConnectionState, Doubt } from '../realtime/Connection.ts'
import type { Realtime } from '../realtime/openRealtime.ts'
import type { Changed } from '../ResourceClient.ts'
import { closedError } from '../closedError.ts'
import type { SignalboxError } from '../SignalboxError.ts'
import type { Live } from './Live.ts'
import type { RecordList, Row } from './recordList.ts'

export interface LiveOptions<R extends Row> {
  readonly list: RecordList<R>
  /** The path of the resource, as `reset` names it. */
  readonly path: string
  /** The name of its change event. */
  readonly event: string
  readonly realtime: Realtime
  readonly closing: AbortSignal
  /** Asks for the list, whole. */
  readonly read: (signal: AbortSignal) => Promise<readonly R[]>
}

/** A read that is on its way. */
interface Reading<R> {
  readonly end: AbortController
  /** The last change of each record that came since it was sent. */
  readonly meanwhile: Map<string, Changed<R>>
}

/** For so long the first read waits for the connection: what is read without one has to be read again. */
const patienceMs = 2000
/** Many clients hear of one change at one instant, and do not ask at one instant. */
const spreadMs = 100
const longestRestMs = 5000

/** Keeps a list right: by what is told where that is enough, else by reading it again, one read at a time. */
export function openLive<R extends Row>(options: LiveOptions<R>): Live<R> {
  const { list, path, event, realtime, closing } = options
  const { connection } = realtime
  const changes = listeners<void>()
  let error: SignalboxError | undefined
  let told: readonly unknown[] = []
  /** Why it may be wrong in a way that no change tells, another each time; undefined where it is not. */
  let reason: Doubt | undefined = {}
  let isClosed = false
  let isWanted = false
  let reading: Reading<R> | undefined
  let timer: ReturnType<typeof setTimeout> | undefined
  let dueAt = Infinity
  let restUntil = 0
  let failures = 0
  let first!: { resolve(records: readonly R[]): void; reject(error: SignalboxError): void }
  const ready = new Promise<readonly R[]>((resolve, reject) => (first = { resolve, reject }))
  // Who does not wait for it need not handle it.
  ready.catch(() => {})

  const isCurrent = (): boolean => connection.state === 'connected' && !reason && !error && !isClosed
  const tell = (): void => {
    const now = [list.rows(), isCurrent(), error]
    if (now.every((value, n) => value === told[n])) return
    told = now
    changes.tell()
  }
  const stop = (): void => {
    clearTimeout(timer)
    dueAt = Infinity
    reading?.end.abort()
    reading = undefined
  }
  /** Reads, soon, and again where a read is on its way. */
  const want = (pauseMs = Math.random() * spreadMs): void => {
    isWanted = true
    const at = Math.max(Date.now() + pauseMs, restUntil)
    if (reading || isClosed || dueAt <= at) return
    clearTimeout(timer)
    dueAt = at
    timer = setTimeout(() => void read(), at - Date.now())
  }
  const read = async (): Promise<void> => {
    const own: Reading<R> = { end: new AbortController(), meanwhile: new Map() }
    const from = Date.now()
    const settled = realtime.isKnown() && reason
    dueAt = Infinity
    reading = own
    isWanted = false
    try {
      const rows = await options.read(own.end.signal)
      if (reading !== own) return
      list.take(rows)
      for (const change of own.meanwhile.values()) isWanted = !list.follow(change) || isWanted
      if (settled === reason) reason = undefined
      failures = 0
      error = undefined
      restUntil = Date.now() + Math.min(2 * (Date.now() - from), longestRestMs)
      first.resolve(list.rows())
    } catch (failure) {
      if (reading !== own) return
      error = failure as SignalboxError
      first.reject(error)
      // What it may not read is read again when rights, or the session, have changed.
      isWanted = isPassing(error) || error.code === 'internal'
      if (!isWanted) list.take()
      reason = {}
      restUntil = Date.now() + backOff(failures++)
    }
    reading = undefined
    if (isWanted) want()
    tell()
  }
  const hear = (change: Changed<R>): void => {
    // A bare tick: of a record that is not for this caller.
    if (!change.action) return
    reading?.meanwhile.set(change.id, change)
    if (!list.follow(change) && !reading) want()
    // While it catches up there is much to hear, and nobody need see each step.
    if (connection.state === 'connected') tell()
  }
  const followState = (state: ConnectionState): void => {
    if (state === 'connected') {
      // What was asked before the line broke may never be answered.
      isWanted ||= reading !== undefined
      stop()
      restUntil = 0
    }
    if (state !== 'connecting' && (isWanted || reason)) want(0)
    tell()
  }
  const doubt = (why: Doubt): void => {
    const { resource = path, isStranger } = why
    if (resource !== path) return
    reason = { ...why }
    if (isStranger) {
      stop()
      list.take()
      error = undefined
    }
    want(isStranger && patienceMs)
    tell()
  }
  const close = (): void => {
    if (isClosed) return
    isClosed = true
    stop()
    stops.forEach((stop) => stop())
    first.reject(closedError('list'))
    changes.tell()
  }
  const stops = [realtime.hear(event, hear), connection.onChange(followState), connection.onReset(doubt)]
  want(realtime.isKnown() ? 0 : patienceMs)
  stops.push(follow(closing, close))

  return {
    get records() {
      return list.rows()
    },
    get current() {
      return isCurrent()
    },
    get error() {
      return error
    },
    ready,
    subscribe: (listener) => changes.add(() => listener()),
    async *[Symbol.asyncIterator]() {
      await ready
      for (let last; ;) {
        if (isClosed) return
        if (last !== list.rows()) yield (last = list.rows())
        else
          await new Promise<void>((resolve) => {
            const stop = changes.add(() => {
              stop()
              resolve()
            })
          })
      }
    },
    close
  }
}
