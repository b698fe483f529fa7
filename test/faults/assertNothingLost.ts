import assert from 'node:assert/strict'
import type { ApiCaller } from './createJob.ts'

interface FeedEntry {
  readonly seq: number
  readonly resource: string
  readonly recordId: string
  readonly action: string
}

/**
 * Every acknowledged camera is stored, everything stored is in the feed exactly once, and the feed counts from 1
 * without a gap. Prints the figures.
 */
export async function assertNothingLost(caller: ApiCaller, acknowledged: readonly string[]): Promise<void> {
  const stored = new Set(await storedCameras(caller))
  const feed = await wholeFeed(caller)
  assert.deepEqual(
    feed.map(({ seq }) => seq),
    feed.map((_, index) => index + 1)
  )
  const created = feed.filter(({ resource, action }) => resource === 'cameras' && action === 'created')
  const announced = new Set(created.map(({ recordId }) => recordId))
  const lost = acknowledged.filter((id) => !stored.has(id) || !announced.has(id))
  console.log(
    `      acknowledged ${acknowledged.length}, stored ${stored.size}, in the feed ${created.length}, ` +
      `lost ${lost.length}`
  )
  assert.deepEqual(lost, [])
  assert.equal(created.length, announced.size, 'something is in the feed twice')
  assert.deepEqual(announced, stored)
}

async function storedCameras(caller: ApiCaller): Promise<string[]> {
  const ids: string[] = []
  for (;;) {
    const { status, body } = await caller.api('GET', `/cameras?$sort[id]=1&$limit=1000&$skip=${ids.length}`)
    assert.equal(status, 200, JSON.stringify(body))
    const page: { id: string }[] = body.data
    ids.push(...page.map(({ id }) => id))
    if (page.length === 0) return ids
  }
}

async function wholeFeed(caller: ApiCaller): Promise<FeedEntry[]> {
  const entries: FeedEntry[] = []
  for (let since = 0; ;) {
    const { status, body } = await caller.api('GET', `/changes?since=${since}&limit=1000`)
    assert.equal(status, 200, JSON.stringify(body))
    if (body.next === since) return entries
    entries.push(...body.changes)
    since = body.next
  }
}
