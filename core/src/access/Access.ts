import { PlatformError, type Caller } from '@signalbox/plugin'
import { LRUCache } from 'lru-cache'
import type { AccessFilter } from './AccessFilter.ts'
import { reachOf, type Decision, type Grant } from './evaluate.ts'
import type { GrantSource } from './GrantSource.ts'
import { isNowhere } from './Reach.ts'
import { narrow } from './narrow.ts'
import { Rights } from './Rights.ts'

const nothingHeld = new Rights([])
const everythingHeld = new Rights([
  { permission: '*', effect: 'grant', scope: 'any', source: 'the platform itself' }
])

/** Decides what callers may do. Rights are read once and kept until `forget` says that they changed. */
export class Access {
  readonly #source: GrantSource
  readonly #ofRoles = new Map<string, Promise<Rights>>()
  readonly #ofUsers = new LRUCache<string, Promise<readonly Grant[]>>({ max: 50_000 })
  readonly #combined = new LRUCache<string, Promise<Rights>>({ max: 50_000 })
  readonly #narrowed = new WeakMap<Rights, Map<string, Rights>>()
  /** Grows with each `forget`: what was being read meanwhile may be out of date. */
  #forgotten = 0

  constructor(source: GrantSource) {
    this.#source = source
  }

  /** Everything a caller holds. Callers of the same roles with nothing of their own share one object. */
  async rightsOf(caller: Caller): Promise<Rights> {
    const rights = await this.#wholeRightsOf(caller)
    if (!caller.narrowedTo) return rights
    const narrowed = this.#narrowed.get(rights) ?? new Map<string, Rights>()
    this.#narrowed.set(rights, narrowed)
    const name = caller.narrowedTo.join(',')
    const known = narrowed.get(name) ?? new Rights(narrow(rights.grants, caller.narrowedTo))
    narrowed.set(name, known)
    return known
  }

  async #wholeRightsOf(caller: Caller): Promise<Rights> {
    if (caller.kind === 'system') return everythingHeld
    if (caller.kind === 'anonymous') return nothingHeld
    const { userId } = caller
    const forgotten = this.#forgotten
    if (userId === undefined) return this.#rightsOfRoles(caller.roles)
    const direct = await kept(this.#ofUsers, userId, async () => {
      const granted = await this.#source.ofUsers([userId])
      return granted.get(userId) ?? []
    })
    if (forgotten !== this.#forgotten) return this.#wholeRightsOf(caller)
    if (!direct.length) return this.#rightsOfRoles(caller.roles)
    return kept(this.#combined, `${userId}|${caller.roles.join(',')}`, async () => {
      const { grants } = await this.#rightsOfRoles(caller.roles)
      return new Rights([...grants, ...direct])
    })
  }

  /** Reads the rights of many callers at once, for `rightsOf` to find. */
  async preload(callers: readonly Caller[]): Promise<void> {
    const missing = new Set(
      callers.flatMap(({ userId }) => (userId !== undefined && !this.#ofUsers.has(userId) ? userId : []))
    )
    if (!missing.size) return
    const granted = this.#source.ofUsers([...missing])
    for (const userId of missing) {
      void kept(this.#ofUsers, userId, async () => (await granted).get(userId) ?? []).catch(() => {})
    }
    await granted
  }

  async decide(caller: Caller, permission: string): Promise<Decision> {
    const rights = await this.rightsOf(caller)
    const decision = rights.decide(permission)
    // Nothing belongs to a caller without an account.
    if (caller.userId !== undefined) return decision
    return decision.scope === 'own' ? { scope: undefined, by: decision.by } : decision
  }

  /** The part of the records this caller may touch: undefined is all of them. Refuses with 401 or 403. */
  async require(caller: Caller, permission: string): Promise<AccessFilter | undefined> {
    const decision = await this.decide(caller, permission)
    if (decision.scope === 'any') return undefined
    const reach = reachOf(decision)
    if (!isNowhere(reach)) return { ...reach, own: reach.own ? caller.userId : undefined }
    if (caller.kind === 'anonymous') throw new PlatformError('unauthorized', 'Sign in first.')
    throw new PlatformError('forbidden', `You do not have the permission ${permission}.`, {
      data: { permission }
    })
  }

  /** Rights have changed: what was read is read again at the next decision. */
  forget(): void {
    this.#forgotten++
    this.#ofRoles.clear()
    this.#ofUsers.clear()
    this.#combined.clear()
  }

  #rightsOfRoles(roles: readonly string[]): Promise<Rights> {
    return kept(this.#ofRoles, roles.join(','), async () => new Rights(await this.#source.ofRoles(roles)))
  }
}

interface Store<T> {
  get(key: string): Promise<T> | undefined
  set(key: string, value: Promise<T>): unknown
  delete(key: string): unknown
}

/** What a failed read answered is not kept. */
function kept<T>(map: Store<T>, key: string, read: () => Promise<T>): Promise<T> {
  let value = map.get(key)
  if (!value) {
    value = read()
    map.set(key, value)
    value.catch(() => map.get(key) === value && map.delete(key))
  }
  return value
}
