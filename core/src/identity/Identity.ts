import { invalidField, PlatformError, type Caller, type Origin, type RecordOf } from '@signalbox/plugin'
import { LRUCache } from 'lru-cache'
import type { UnitsOfWork } from '../data/unitOfWork.ts'
import type { AccessTokens } from './AccessTokens.ts'
import type { ApiKeys, KnownKey } from './ApiKeys.ts'
import { isApiKey } from './apiKeyText.ts'
import type { LoginLimiter } from './LoginLimiter.ts'
import { hashPassword, verifyPassword } from './passwords.ts'
import type { users } from './resources.ts'
import type { ListedSession, OpenedSession, Sessions } from './Sessions.ts'

export type User = RecordOf<typeof users>

export interface Credentials {
  readonly email?: string | undefined
  readonly username?: string | undefined
  readonly password: string
  readonly rememberMe?: boolean | undefined
}

export interface PasswordChange {
  readonly currentPassword: string
  readonly newPassword: string
}

export interface IdentityOptions {
  readonly units: UnitsOfWork
  readonly sessions: Sessions
  readonly keys: ApiKeys
  readonly tokens: AccessTokens
  readonly limiter: LoginLimiter
  readonly refreshSeconds: number
  readonly rememberSeconds: number
  /** Reads a user as the platform itself. */
  readonly readUser: (id: string) => Promise<User>
  /** Sets the caller's own password hash; that announces the change and ends the other sessions. */
  readonly setPassword: (caller: Caller, hash: string) => Promise<unknown>
}

/** A caller, and until when the token that says so is good. */
export interface SignedIn extends Caller {
  /** Seconds since 1970; null for a key that does not run out. */
  readonly exp: number | null
}

interface Account {
  readonly id: string
  readonly role: string | null
  readonly status: User['status']
}

/** Who somebody is: log-in, tokens, and the caller behind a token. */
export class Identity {
  readonly #options: IdentityOptions
  readonly #accounts = new LRUCache<string, Account>({ max: 50_000, ttl: 60_000 })
  /** Grows with each `forget`: what was being read meanwhile may be out of date, and is not kept. */
  #forgotten = 0

  constructor(options: IdentityOptions) {
    this.#options = options
  }

  /**
   * The caller behind an access token whose session lives, or behind an API key that does; undefined where it does
   * not, or where the account may not sign in.
   */
  async callerOf(token: string): Promise<SignedIn | undefined> {
    if (isApiKey(token)) return this.#keyCaller(await this.#options.keys.find(token))
    const payload = await this.#options.tokens.read(token)
    if (!payload) return undefined
    const caller = await this.#sessionCaller(payload.sub, payload.sid)
    return caller && { ...caller, exp: payload.exp }
  }

  async logIn(credentials: Credentials, origin: Origin) {
    const name = credentials.email ?? credentials.username
    if (!name) throw invalidField('email', 'is required')
    this.#options.limiter.count(name, origin)
    const row = await this.#findAccount(name, credentials.email === undefined ? 'username' : 'email')
    const matches = await verifyPassword(row?.password, credentials.password)
    if (!row || !matches || row.status !== 'active') {
      throw new PlatformError('unauthorized', 'The account or the password is not right.')
    }
    const lifetime = credentials.rememberMe ? this.#options.rememberSeconds : this.#options.refreshSeconds
    return this.#answer(await this.#options.sessions.open(row.id, lifetime, origin))
  }

  async refresh(refreshToken: string) {
    const opened = await this.#options.sessions.rotate(refreshToken)
    const account = await this.#account(opened.session.userId)
    if (account?.status !== 'active') {
      await this.#options.sessions.end(opened.session.id)
      throw new PlatformError('unauthorized', 'This account may not sign in.')
    }
    return this.#answer(opened)
  }

  /** The same caller as of now: with the rights held at this moment, or undefined where session or key have ended. */
  async refreshed(caller: Caller): Promise<Caller | undefined> {
    const { userId, sessionId, keyId } = caller
    if (keyId !== undefined) return this.#keyCaller(await this.#options.keys.get(keyId))
    if (userId === undefined || sessionId === undefined) return caller
    return this.#sessionCaller(userId, sessionId)
  }

  /** Whether a token is good, whose it is and until when. */
  async verify(token: string | undefined) {
    const caller = token === undefined ? undefined : await this.callerOf(token)
    if (!caller?.userId) return { valid: false, user: null, exp: null }
    return { valid: true, user: await this.#options.readUser(caller.userId), exp: caller.exp }
  }

  /** Changes the caller's own password; their other sessions end. */
  async changePassword(
    caller: Caller,
    { currentPassword, newPassword }: PasswordChange,
    origin: Origin
  ): Promise<void> {
    const userId = requirePerson(caller)
    this.#options.limiter.count(userId, origin)
    const [row] = await this.#rows('select password from core_users where id = ?', [userId])
    if (!(await verifyPassword(row?.password, currentPassword)))
      throw invalidField('currentPassword', 'is not right')
    await this.#options.setPassword(caller, await hashPassword(newPassword))
  }

  async me(caller: Caller): Promise<User> {
    return this.#options.readUser(requireUser(caller))
  }

  async logOut(caller: Caller): Promise<void> {
    refuseKey(caller)
    if (caller.sessionId) await this.#options.sessions.end(caller.sessionId)
  }

  /** The caller's own sessions, the last used first. */
  async sessions(caller: Caller): Promise<(ListedSession & { readonly current: boolean })[]> {
    const sessions = await this.#options.sessions.list(requirePerson(caller))
    return sessions.map((session) => ({ ...session, current: session.id === caller.sessionId }))
  }

  /** Ends one of the caller's own sessions. */
  async endSession(caller: Caller, id: string): Promise<void> {
    if (!(await this.#options.sessions.endOne(requirePerson(caller), id)))
      throw new PlatformError('notFound', 'You have no session with this id.')
  }

  /** Ends all of the caller's sessions, or all others. */
  async logOutEverywhere(caller: Caller, { others = false }: { readonly others?: boolean }): Promise<void> {
    await this.#options.sessions.endAll(requirePerson(caller), others ? caller.sessionId : undefined)
  }

  /** A user's role or status has changed: the next request reads it anew. */
  forget(userId: string): void {
    this.#forgotten++
    this.#accounts.delete(userId)
  }

  async #sessionCaller(userId: string, sessionId: string): Promise<Caller | undefined> {
    const [session, account] = await Promise.all([
      this.#options.sessions.find(sessionId),
      this.#account(userId)
    ])
    if (session?.userId !== userId || account?.status !== 'active') return undefined
    return { ...toCaller(account), sessionId }
  }

  async #keyCaller(key: KnownKey | undefined): Promise<SignedIn | undefined> {
    if (!key) return undefined
    const account = await this.#account(key.userId)
    if (account?.status !== 'active') return undefined
    return {
      ...toCaller(account),
      keyId: key.id,
      ...(key.permissions && { narrowedTo: key.permissions }),
      exp: key.expiresAt === undefined ? null : key.expiresAt / 1000
    }
  }

  async #answer({ session, refreshToken }: OpenedSession) {
    const { accessToken, expiresIn } = await this.#options.tokens.create(session)
    return {
      accessToken,
      token: accessToken,
      refreshToken,
      expiresIn,
      user: await this.#options.readUser(session.userId),
      access_token: accessToken,
      refresh_token: refreshToken,
      token_type: 'bearer' as const
    }
  }

  async #account(id: string): Promise<Account | undefined> {
    const known = this.#accounts.get(id)
    if (known) return known
    const forgotten = this.#forgotten
    const [row] = await this.#rows('select id, role, status from core_users where id = ?', [id])
    if (row && forgotten === this.#forgotten) this.#accounts.set(id, row)
    return row
  }

  async #findAccount(name: string, column: 'email' | 'username') {
    const [row] = await this.#rows(
      `select id, role, status, password from core_users where lower(${column}) = lower(?)`,
      [name]
    )
    return row
  }

  async #rows(
    sql: string,
    bindings: readonly string[]
  ): Promise<(Account & { readonly password: string | null })[]> {
    const result = (await this.#options.units.db().raw(sql, [...bindings])) as {
      rows: (Account & { password: string | null })[]
    }
    return result.rows
  }
}

function toCaller(account: Account): Caller {
  return {
    kind: 'user',
    actor: account.id,
    userId: account.id,
    roles: account.role === null ? [] : [account.role]
  }
}

function requireUser({ userId }: Caller): string {
  if (userId === undefined) throw new PlatformError('unauthorized', 'Sign in with an account of your own.')
  return userId
}

/** Passwords and sessions are a person's: a key that leaked must not be able to make itself at home. */
function requirePerson(caller: Caller): string {
  refuseKey(caller)
  return requireUser(caller)
}

export function refuseKey({ keyId }: Caller): void {
  if (keyId !== undefined) throw new PlatformError('forbidden', 'An API key cannot do this; sign in.')
}
