import { LRUCache } from 'lru-cache'
import type { UnitsOfWork } from '../data/unitOfWork.ts'
import { hashApiKey } from './apiKeyText.ts'

/** A live key, as the platform checks it. */
export interface KnownKey {
  readonly id: string
  readonly userId: string
  /** What the account's rights are narrowed to; null is all of them. */
  readonly permissions: readonly string[] | null
  /** Milliseconds since 1970; undefined for a key that does not run out. */
  readonly expiresAt: number | undefined
}

interface KeyRow {
  readonly id: string
  readonly user_id: string
  readonly permissions: readonly string[] | null
  readonly expires_at: Date | null
}

/** The keys with which service accounts call. */
export class ApiKeys {
  readonly #units: UnitsOfWork
  /** A key that is read is marked as used, so it is read anew each minute and marked no more often. */
  readonly #known = new LRUCache<string, KnownKey>({ max: 10_000, ttl: 60_000 })
  readonly #ids = new LRUCache<string, string>({ max: 10_000 })
  /** Grows with each `forget`: what was being read meanwhile may be out of date, and is not kept. */
  #forgotten = 0
  #isDeaf = false

  constructor(units: UnitsOfWork) {
    this.#units = units
  }

  /** The live key that this text is. */
  async find(key: string): Promise<KnownKey | undefined> {
    const hash = hashApiKey(key)
    const id = this.#ids.get(hash)
    if (id !== undefined) return this.get(id)
    const found = await this.#read('key_hash', hash)
    if (found) this.#ids.set(hash, found.id)
    return found
  }

  /** The live key of this id. */
  async get(id: string): Promise<KnownKey | undefined> {
    const known = this.#known.get(id)
    if (known) return isLive(known) ? known : undefined
    return this.#read('id', id)
  }

  /** The key was changed or revoked: the next call reads it anew. */
  forget(id: string): void {
    this.#forgotten++
    this.#known.delete(id)
  }

  /** Whether this node hears of the changes on other nodes. While it does not, each key is looked up anew. */
  hears(connected: boolean): void {
    this.#forgotten++
    this.#known.clear()
    this.#isDeaf = !connected
  }

  /** Reads a key and marks it as used. That is no change of the record: it would be one for every minute. */
  async #read(column: 'id' | 'key_hash', value: string): Promise<KnownKey | undefined> {
    const forgotten = this.#forgotten
    const { rows } = (await this.#units.db().raw(
      `update core_api_keys set last_used_at = date_trunc('milliseconds', now())
       where ${column} = ? and (expires_at is null or expires_at > now())
       returning id, user_id, permissions, expires_at`,
      [value]
    )) as { rows: KeyRow[] }
    const [row] = rows
    if (!row) return undefined
    const key: KnownKey = {
      id: row.id,
      userId: row.user_id,
      permissions: row.permissions,
      expiresAt: row.expires_at?.getTime()
    }
    if (forgotten === this.#forgotten && !this.#isDeaf) this.#known.set(key.id, key)
    return key
  }
}

function isLive({ expiresAt }: KnownKey): boolean {
  return expiresAt === undefined || expiresAt > Date.now()
}
