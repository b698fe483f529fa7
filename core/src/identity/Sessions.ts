import { createHash } from 'node:crypto'
import { PlatformError, type Origin } from '@signalbox/plugin'
import { LRUCache } from 'lru-cache'
import { v7 as uuid } from 'uuid'
import { statementName } from '../data/statementName.ts'
import type { UnitsOfWork } from '../data/unitOfWork.ts'
import { channel, noticeOf } from '../nodes/lineBus.ts'
import { firstRefreshToken, nextRefreshToken, sessionOf, wasGivenOut } from './refreshToken.ts'

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

/** A session as its user sees it in the list of their own. */
export interface ListedSession {
  readonly id: string
  readonly createdAt: string
  /** When it last exchanged its refresh token, or began. */
  readonly lastUsedAt: string
  readonly expiresAt: string
  readonly address: string | null
  readonly userAgent: string | null
}

interface SessionRow {
  readonly id: string
  readonly user_id: string
  readonly expires_at: Date
}

interface ListedRow {
  readonly id: string
  readonly created_at: Date
  readonly last_used_at: Date
  readonly expires_at: Date
  readonly address: string | null
  readonly user_agent: string | null
}

/** Who is signed in. Each session has one chain of refresh tokens, of which only the last is good. */
export class Sessions {
  readonly #units: UnitsOfWork
  readonly #key: Buffer
  readonly #known = new LRUCache<string, Session>({ max: 50_000, ttl: 60_000 })
  /** Grows with each end: what was being read meanwhile may have ended, and is not kept. */
  #ends = 0
  #isDeaf = false
  /** Tells this node's own notices from those of others. */
  readonly #sender = uuid()
  readonly #enders = new Set<(sessionId: string) => void>()

  constructor(units: UnitsOfWork, key: Buffer) {
    this.#units = units
    this.#key = key
  }

  async open(userId: string, lifetimeSeconds: number, origin: Origin): Promise<OpenedSession> {
    const id = uuid()
    const refreshToken = firstRefreshToken(id, this.#key)
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
   * same one and no second branch grows. Any other token that the session was ever given ends it: of the two who
   * hold it, one is a thief. One that was never given out is refused and ends nothing, so that knowing a session's
   * id is no way to end it.
   */
  async rotate(refreshToken: string): Promise<OpenedSession> {
    const id = sessionOf(refreshToken)
    if (id === undefined) throw spent()
    const next = nextRefreshToken(refreshToken, id, this.#key)
    const [rotated] = await this.#rows(
      `update core_sessions set previous_hash = refresh_hash, refresh_hash = ?, rotated_at = now(),
         expires_at = now() + lifetime * interval '1 second'
       where id = ? and refresh_hash = ? and expires_at > now() returning id, user_id, expires_at`,
      [digest(next), id, digest(refreshToken)],
      { prepared: true }
    )
    if (rotated) return { session: toSession(rotated), refreshToken: next }
    const [racing] = await this.#rows(
      `select id, user_id, expires_at from core_sessions
       where id = ? and previous_hash = ? and expires_at > now() and rotated_at > now() - ? * interval '1 second'`,
      [id, digest(refreshToken), raceWindowSeconds]
    )
    if (racing) return { session: toSession(racing), refreshToken: next }
    if (wasGivenOut(refreshToken, this.#key)) await this.end(id)
    throw spent()
  }

  /** The live session of this id. */
  async find(id: string): Promise<Session | undefined> {
    const known = this.#known.get(id)
    if (known && known.expiresAt > Date.now()) return known
    const ends = this.#ends
    const [row] = await this.#rows(
      'select id, user_id, expires_at from core_sessions where id = ? and expires_at > now()',
      [id]
    )
    if (!row) return undefined
    const session = toSession(row)
    if (ends === this.#ends && !this.#isDeaf) this.#known.set(id, session)
    return session
  }

  /** A user's live sessions, the last used first. */
  async list(userId: string): Promise<ListedSession[]> {
    const result = (await this.#units.db().raw(
      `select id, created_at, coalesce(rotated_at, created_at) as last_used_at, expires_at, address, user_agent
       from core_sessions where user_id = ? and expires_at > now() order by last_used_at desc, id`,
      [userId]
    )) as { rows: ListedRow[] }
    return result.rows.map((row) => ({
      id: row.id,
      createdAt: row.created_at.toISOString(),
      lastUsedAt: row.last_used_at.toISOString(),
      expiresAt: row.expires_at.toISOString(),
      address: row.address,
      userAgent: row.user_agent
    }))
  }

  async end(id: string): Promise<void> {
    await this.#end('id = ?', [id])
  }

  /** Ends one of a user's sessions; tells whether there was one. */
  async endOne(userId: string, id: string): Promise<boolean> {
    return (await this.#end('user_id = ? and id = ?', [userId, id])) > 0
  }

  /** Ends all of a user's sessions, but for the one named. */
  async endAll(userId: string, except?: string): Promise<void> {
    await this.#end('user_id = ? and id <> ?', [userId, except ?? ''])
  }

  /** Ends the sessions that have run out. */
  async removeExpired(): Promise<void> {
    await this.#end('expires_at < now()', [])
  }

  /** Hears of each session that is ended, after the commit. */
  onEnd(listener: (sessionId: string) => void): void {
    this.#enders.add(listener)
  }

  /** A session has ended, as some node says. What it ended itself, a node knows when the answer has come. */
  heard(notice: string): void {
    const [sender, id = ''] = notice.split(' ')
    if (sender !== this.#sender) this.#ended(id)
  }

  #ended(id: string): void {
    this.#ends++
    this.#known.delete(id)
    this.#enders.forEach((listener) => listener(id))
  }

  /** Whether this node hears of the ends on other nodes. While it does not, each session is looked up anew. */
  hears(connected: boolean): void {
    this.#ends++
    this.#known.clear()
    this.#isDeaf = !connected
  }

  async #end(where: string, bindings: readonly unknown[]): Promise<number> {
    // Notified in the transaction, so that no crash between the two leaves another node with a session that has ended.
    const rows = await this.#rows(
      `with ended as (delete from core_sessions where ${where} returning id, user_id, expires_at)
       select ended.*, pg_notify('${channel}', '${noticeOf('session-ended', this.#sender)} ' || id) from ended`,
      bindings
    ).catch((error: unknown) => {
      // The answer of a statement that was committed may be lost.
      this.hears(!this.#isDeaf)
      throw error
    })
    this.#units.afterCommit(() => rows.forEach(({ id }) => this.#ended(id)))
    return rows.length
  }

  async #rows(
    sql: string,
    bindings: readonly unknown[],
    { prepared = false }: { readonly prepared?: boolean } = {}
  ): Promise<SessionRow[]> {
    const query = this.#units.db().raw(sql, bindings as never)
    const name = prepared ? statementName(sql) : undefined
    const result = (await (name === undefined ? query : query.options({ name }))) as { rows: SessionRow[] }
    return result.rows
  }
}

function toSession(row: SessionRow): Session {
  return { id: row.id, userId: row.user_id, expiresAt: row.expires_at.getTime() }
}

function digest(token: string): string {
  return createHash('sha256').update(token).digest('base64url')
}

function spent(): PlatformError {
  return new PlatformError('unauthorized', 'This refresh token is not valid any more. Sign in again.')
}
