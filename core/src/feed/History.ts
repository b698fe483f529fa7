import type { Logger } from '@signalbox/plugin'
import type { Change } from './Change.ts'
import type { Feed } from './Feed.ts'

const defaultKept = 500

/** What this node has told so far, in order, and where it stands in the feed. The latest changes stay at hand. */
export class History {
  readonly #feed: Pick<Feed, 'read' | 'range'>
  readonly #kept: number
  #recent: Change[] = []
  #position = 0

  constructor(feed: Pick<Feed, 'read' | 'range'>, { kept = defaultKept } = {}) {
    this.#feed = feed
    this.#kept = kept
  }

  /** The number of the last change that this node has told. */
  get position(): number {
    return this.#position
  }

  /** Finds out where the feed stands. Until then the position is the beginning, which costs time and loses nothing. */
  async start(log: Logger): Promise<void> {
    try {
      const { last } = await this.#feed.range()
      const before = await this.#feed.read(Math.max(0, last - this.#kept), this.#kept)
      if (!this.#recent.length) this.#recent = before.filter(({ seq }) => seq <= last)
      this.#position = Math.max(this.#position, last)
    } catch (error) {
      log.warn({ err: error }, 'The place in the change feed could not be read')
    }
  }

  tell(change: Change): void {
    const last = this.#recent.at(-1)?.seq
    this.#position = Math.max(this.#position, change.seq)
    if (last !== undefined && change.seq <= last) return
    if (last !== undefined && change.seq > last + 1) this.#recent = []
    this.#recent.push(change)
    if (this.#recent.length > 2 * this.#kept) this.#recent = this.#recent.slice(-this.#kept)
  }

  /** The changes after `since` that this node has told, oldest first. */
  async after(since: number, limit: number): Promise<readonly Change[]> {
    const first = this.#recent[0]?.seq
    if (first !== undefined && since >= first - 1) {
      const place = since - first + 1
      return this.#recent.slice(place, place + limit)
    }
    const read = await this.#feed.read(since, limit)
    return read.filter(({ seq }) => seq <= this.#position)
  }

  /** The numbers that are still kept. */
  range(): Promise<{ first: number; last: number }> {
    return this.#feed.range()
  }
}
