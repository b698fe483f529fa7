import type { Changed } from '../ResourceClient.ts'
import { matches } from './matches.ts'
import { order } from './order.ts'

/** A record as every resource has it. */
export type Row = Readonly<Record<string, unknown>> & { readonly id: string }
export type Sort = Readonly<Record<string, 1 | -1>>

/** A query as it is asked: without what is undefined. */
export interface LiveQuery extends Readonly<Record<string, unknown>> {
  readonly $sort?: Sort
  readonly $limit?: number
  readonly $skip?: number
  readonly search?: string
}

/** The records that a query asks for, kept by what is told of changes. */
export interface RecordList<R extends Row> {
  /** In order; a new array after each change. */
  rows(): readonly R[]
  /** Takes what the platform answered; nothing where that is not known. */
  take(rows?: readonly R[]): void
  /**
   * Follows a change. Answers false where what the list is now can only be read: what is known of it is in its place
   * all the same.
   */
  follow(change: Changed<R>): boolean
}

/** How many records a list has that asks for no part of itself, which is also the most that a part has. */
const most = 1000
const usual = 20

/** `defaultSort` is the order of a list that asks for none; undefined where that is not known. */
export function recordList<R extends Row>(query: LiveQuery, defaultSort: Sort | undefined): RecordList<R> {
  const { $sort, $skip: skip = 0, search } = query
  const { $limit = '$skip' in query ? usual : most } = query
  const limit = Math.min($limit, most)
  const sort = $sort && Object.keys($sort).length ? $sort : defaultSort
  const keys = Object.entries({ ...sort, ...(!sort?.['id'] && { id: 1 }) })
  let rows: readonly R[] = []
  /** Whether no record that matches lies beyond the last one. */
  let isWhole = false

  const remove = (place: number): boolean => {
    rows = rows.toSpliced(place, 1)
    return isWhole
  }
  const compare = (one: R, other: R): number | undefined => {
    for (const [field, direction] of keys) {
      const difference = order(one[field], other[field])
      if (difference !== 0) return difference && difference * direction
    }
    return 0
  }
  const placeAmong = (others: readonly R[], record: R): number | undefined => {
    let [from, to] = [0, others.length]
    while (from < to) {
      const middle = (from + to) >> 1
      const difference = compare(record, others[middle] as R)
      if (difference === undefined) return undefined
      if (difference < 0) to = middle
      else from = middle + 1
    }
    return from
  }
  /** Puts a record where it belongs; `from` is where it stood, or -1. Answers false where it stays there. */
  const insert = (record: R, from: number): boolean | undefined => {
    const others = from < 0 ? rows : rows.toSpliced(from, 1)
    const place = placeAmong(others, record)
    if (place === undefined) return undefined
    // Who comes last may come after others that are not in the list.
    if (place === others.length && !isWhole) {
      rows = others
      return from < 0
    }
    rows = others.toSpliced(place, 0, record)
    isWhole &&= rows.length <= limit
    rows = rows.slice(0, limit)
    return true
  }

  return {
    rows: () => rows,
    take(answered) {
      rows = answered ?? []
      isWhole = rows.length < (answered ? limit : 0)
    },
    follow({ id, action, record }) {
      const place = rows.findIndex((row) => row.id === id)
      const held = rows[place]
      if (held && record && action !== 'removed' && !isNewer(record, held)) return true
      const isMember = record && action !== 'removed' ? (search ? undefined : matches(record, query)) : false
      if (!record || isMember === false) return held ? remove(place) : skip === 0
      const example = held ?? rows[0]
      const isComplete = !example || Object.keys(example).every((field) => field in record)
      const isSure = isMember && isComplete && sort
      const stays = held && keys.every(([field]) => isSame(held[field], record[field]))
      const done = isSure && !stays && !skip ? insert(record, place) : undefined
      if (done !== undefined) return done
      // What plugins add to an answer is in no change.
      if (held) rows = rows.with(place, isComplete ? record : { ...held, ...record })
      return Boolean(isSure && stays)
    }
  }
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}

/** A record that was made anew under an old id begins at version 1 again. */
function isNewer(one: Row, other: Row): boolean {
  const [made, madeBefore] = [String(one['createdAt']), String(other['createdAt'])]
  return made === madeBefore ? !(Number(one['version']) <= Number(other['version'])) : made > madeBefore
}
