import type { Caller, Origin } from '@signalbox/plugin'
import type { AccessFilter } from '../access/AccessFilter.ts'
import type { DecodedQuery } from './decodeQuery.ts'

/** What a door says to the peer beside the body; filled in on the way. */
export interface Answer {
  status?: number
  /** The number of all records that match a list. */
  total?: number
  /** The cursor of the next part of a list. */
  next?: string
}

/** What a door gives to a service call. A call in code gives at most `query` and `caller`. */
export interface DoorParams {
  readonly provider: 'rest' | 'socketio'
  readonly query: Readonly<Record<string, unknown>>
  readonly token?: string | undefined
  /** The caller, where the door has already established it (a socket), or open mode names one. */
  readonly caller?: Caller | undefined
  readonly origin: Origin
  readonly answer: Answer
  /** From `If-Match`. */
  readonly version?: number | undefined
  readonly idempotencyKey?: string | undefined
}

/** The params of a call on its way through the pipeline. */
export interface CallParams {
  provider?: DoorParams['provider']
  query: Record<string, unknown>
  token?: string | undefined
  caller?: Caller | undefined
  origin?: Origin
  answer?: Answer
  version?: number | undefined
  idempotencyKey?: string | undefined
  /** Fields that this answer alone shows, and nothing keeps. */
  shownOnce?: Readonly<Record<string, unknown>>
  /** Tells whether two requests with one idempotency key are the same request. */
  fingerprint?: string
  /** A call in code that wants every record that matches. */
  unlimited?: boolean
  /** The part of the records that the caller may touch; undefined is all of them. */
  access?: AccessFilter | undefined
  decoded?: DecodedQuery
  /** The fields of one record that are asked for; undefined is all of them. */
  select?: readonly string[] | undefined
}
