import type { Caller } from '@signalbox/plugin'
import type { Access } from '../access/Access.ts'
import { reachOf } from '../access/evaluate.ts'
import { epochDifference } from '../access/Rights.ts'
import type { Feed } from './Feed.ts'
import { readable } from './readable.ts'

export interface ReadParts {
  readonly feed: Pick<Feed, 'read' | 'range'>
  readonly access: Access
  /** The paths of every resource and service. */
  readonly paths: () => readonly string[]
}

export interface ReadQuery {
  readonly since: number
  readonly limit: number
  readonly epoch?: string | undefined
}

/** What a caller may read of the next changes after a number; with an epoch, also of what to read anew. */
export async function readChanges(
  { feed, access, paths }: ReadParts,
  { since, limit, epoch }: ReadQuery,
  caller: Caller
) {
  const [range, read] = [await feed.range(), await feed.read(since, limit)]
  const rights = await access.rightsOf(caller)
  const told = read.flatMap((change) => {
    const reach = reachOf(rights.decide(`${change.resource}:read`))
    return readable(change, reach, caller.userId) ?? []
  })
  const answer = {
    changes: told.map(({ requestId: _, scopesBefore: _b, scopesAfter: _a, ...change }) => change),
    next: read.at(-1)?.seq ?? since,
    ...(since + 1 < range.first && { reset: true })
  }
  if (epoch === undefined) return answer
  const now = rights.epoch(paths())
  const changed = epoch === '' ? [] : epochDifference(epoch, now)
  return {
    ...answer,
    epoch: now,
    ...(!changed && { reset: true }),
    ...(changed?.length && { resetOf: changed })
  }
}
