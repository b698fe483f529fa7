import { createHash, createHmac, randomBytes } from 'node:crypto'
import { PlatformError, type Origin } from '@signalbox/plugin'
import { LRUCache } from 'lru-cache'
import { v7 as uuid } from 'uuid'
import type { UnitsOfWork } from '../data/unitOfWork.ts'

/** Two tabs that refresh with one token at the same time are one client; past this, it is a stolen token. */
const raceWindowSeconds = 10

export interface Session {
  readonly id: string
  readonly userId: string
  readonly expiresAt: number
}

export interface OpenedSession {
  readonly session: Session
  /** Opaque; only its SHA-256 is stored. */
  readonly refreshToken: string
}

interface SessionRow {
  readonly id: string
  readonly user_id: string
  readonly expires_at: Date
}

/** Who is signed in. Each session has one chain of refresh tokens, of which only the last is good. */
export class Sessions {
  readonly #units: UnitsOfWork
  readonly #key: Buffer
  readonly #known = new LRUCache<string, Session>({ max: 50_000, ttl: 60_000 })
  /** Grows with each end: what was being read meanwhile may have ended, and is not kept. */
  #ends = 0
  readonly #enders = new Set<(sessionId: string) => void>()

  constructor(units: UnitsOfWork, key: Buffer) {
    this.#units = units
    this.#key = key
  }

  async open(userId: string, lifetimeSeconds: number, origin: Origin): Promise<OpenedSession> {
    const id = uuid()
    const refreshToken = randomBytes(32).toString('base64url')
    const expiresAt = Date.now() + lifetimeSeconds * 1000
    await this.#units
      .db()('core_sessions')
      .insert({
        id,
        user_id: userId,
        expires_at: new Date(expiresAt),
        lifetime: lifetimeSeconds,
        refresh_hash: digest(refreshToken),
        address: origin.address ?? null,
        user_agent: origin.userAgent?.slice(0, 300) ?? null
      })
    return { session: { id, userId, expiresAt }, refreshToken }
  }

  /**
   * Exchanges a refresh token for the next one. The next is derived from the last, so two racing calls get the
   * same one and no second branch grows. A token that was spent longer ago ends the session: one of its two
   * holders stole it.
   */
  async rotate(refreshToken: string): Promise<OpenedSession> {
    const next = createHmac('sha256', this.#key).update(refreshToken).digest('base64url')
    const [rotated] = await this.#rows(
      `update core_sessions set previous_hash = refresh_hash, refresh_hash = ?, rotated_at = now(),
         expires_at = now() + lifetime * interval '1 second'
       where refresh_hash = ? and expires_at > now() returning id, user_id, expires_at`,
      [digest(next), digest(refreshToken)]
    )
    if (rotated) return { session: toSession(rotated), refreshToken: next }
    const [racing] = await this.#rows(
      `select id, user_id, expires_at from core_sessions
       where previous_hash = ? and expires_at > now() and rotated_at > now() - ? * interval '1 second'`,
      [digest(refreshToken), raceWindowSeconds]
    )
    if (racing) return { session: toSession(racing), refreshToken: next }
    await this.#end('previous_hash = ?', [digest(refreshToken)])
    throw new PlatformError('unauthorized', 'This refresh token is not valid any more. Sign in again.')
  }

  /** The live session of this id. */
  async find(id: string): Promise<Session | undefined> {
    const known = this.#known.get(id)
    if (known) return known.expiresAt > Date.now() ? known : undefined
    const ends = this.#ends
    const [row] = await this.#rows(
      'select id, user_id, expires_at from core_sessions where id = ? and expires_at > now()',
      [id]
    )
    if (!row) return undefined
    const session = toSession(row)
    if (ends === this.#ends) this.#known.set(id, session)
    return session
  }

  end(id: string): Promise<void> {
    return this.#end('id = ?', [id])
  }

  /** Ends all of a user's sessions, but for the one named. */
  endAll(userId: string, except?: string): Promise<void> {
    return this.#end('user_id = ? and id <> ?', [userId, except ?? ''])
  }

  /** Ends the sessions that have run out. */
  removeExpired(): Promise<void> {
    return this.#end('expires_at < now()', [])
  }

  /** Hears of each session that is ended, after the commit. */
  onEnd(listener: (sessionId: string) => void): void {
    this.#enders.add(listener)
  }

  async #end(where: string, bindings: readonly unknown[]): Promise<void> {
    const rows = await this.#rows(
      `delete from core_sessions where ${where} returning id, user_id, expires_at`,
      bindings
    )
    this.#units.afterCommit(() => {
      this.#ends++
      for (const { id } of rows) {
        this.#known.delete(id)
        this.#enders.forEach((listener) => listener(id))
      }
    })
  }

  async #rows(sql: string, bindings: readonly unknown[]): Promise<SessionRow[]> {
    const result = (await this.#units.db().raw(sql, bindings as never)) as { rows: SessionRow[] }
    return result.rows
  }
}

function toSession(row: SessionRow): Session {
  return { id: row.id, userId: row.user_id, expiresAt: row.expires_at.getTime() }
}

function digest(token: string): string {
  return createHash('sha256').update(token).digest('base64url')
}
