import assert from 'node:assert/strict'
import type { Change } from './Change.ts'
import { History } from './History.ts'

const log = { debug() {}, info() {}, warn() {}, error() {} }

const change = (seq: number): Change => ({
  seq,
  resource: 'things',
  recordId: String(seq),
  action: 'created',
  actor: 'system',
  at: new Date(0).toISOString(),
  requestId: null,
  scopesBefore: null,
  scopesAfter: [],
  record: {}
})

/** A feed that has numbered up to `last`, and counts how often it is asked. */
const feedUntil = (last: number) => {
  const feed = {
    last,
    reads: 0,
    read: async (since: number, limit: number) => {
      feed.reads++
      const count = Math.max(0, Math.min(limit, feed.last - since))
      return Array.from({ length: count }, (_, n) => change(since + 1 + n))
    },
    range: async () => ({ first: 1, last: feed.last })
  }
  return feed
}

const seqs = (changes: readonly Change[]): number[] => changes.map(({ seq }) => seq)

describe('History', () => {
  it('has the latest changes at hand and reads the older ones', async () => {
    const feed = feedUntil(50)
    const history = new History(feed, { kept: 10 })
    await history.start(log)
    assert.equal(history.position, 50)
    for (let seq = 51; seq <= 75; seq++) history.tell(change(seq))
    feed.last = 75
    feed.reads = 0
    assert.deepEqual(seqs(await history.after(70, 3)), [71, 72, 73])
    assert.deepEqual(seqs(await history.after(75, 3)), [])
    assert.equal(feed.reads, 0)
    assert.deepEqual(seqs(await history.after(5, 3)), [6, 7, 8])
    assert.equal(feed.reads, 1)
  })

  it('tells nothing that this node has not told yet', async () => {
    const feed = feedUntil(3)
    const history = new History(feed, { kept: 1 })
    await history.start(log)
    feed.last = 9
    assert.deepEqual(seqs(await history.after(0, 100)), [1, 2, 3])
    assert.equal(history.position, 3)
  })

  it('takes what is told twice once, and what was stepped over from the feed', async () => {
    const feed = feedUntil(4)
    const history = new History(feed)
    await history.start(log)
    history.tell(change(4))
    history.tell(change(5))
    assert.deepEqual(seqs(await history.after(2, 10)), [3, 4, 5])
    feed.last = 9
    history.tell(change(9))
    assert.deepEqual(seqs(await history.after(5, 10)), [6, 7, 8, 9])
    assert.equal(history.position, 9)
  })

  it('begins at the beginning where the feed cannot be asked', async () => {
    const history = new History({ read: async () => [], range: () => Promise.reject(new Error('down')) })
    await history.start(log)
    assert.equal(history.position, 0)
  })
})
