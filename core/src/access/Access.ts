import { PlatformError, type Caller } from '@signalbox/plugin'
import type { AccessFilter } from './AccessFilter.ts'
import { evaluate, type Decision, type Grant } from './evaluate.ts'
import type { GrantSource } from './GrantSource.ts'

/** Decides what callers may do. Rights are read once and kept until `forget` says that they changed. */
export class Access {
  readonly #source: GrantSource
  readonly #grants = new Map<string, Promise<readonly Grant[]>>()

  constructor(source: GrantSource) {
    this.#source = source
  }

  async decide(caller: Caller, permission: string): Promise<Decision> {
    if (caller.kind === 'system') return { scope: 'any', by: undefined }
    if (caller.kind === 'anonymous') return { scope: undefined, by: undefined }
    const decision = evaluate(await this.#grantsOf(caller), permission)
    // Nothing belongs to a caller without an account.
    return decision.scope === 'own' && caller.userId === undefined
      ? { scope: undefined, by: decision.by }
      : decision
  }

  /** The part of the records this caller may touch: undefined is all of them. Refuses with 401 or 403. */
  async require(caller: Caller, permission: string): Promise<AccessFilter | undefined> {
    const { scope } = await this.decide(caller, permission)
    if (scope === 'any') return undefined
    if (scope === 'own') return { own: caller.userId as string }
    if (caller.kind === 'anonymous') throw new PlatformError('unauthorized', 'Sign in first.')
    throw new PlatformError('forbidden', `You do not have the permission ${permission}.`, {
      data: { permission }
    })
  }

  /** Rights have changed: what was read is read again at the next decision. */
  forget(): void {
    this.#grants.clear()
  }

  #grantsOf(caller: Caller): Promise<readonly Grant[]> {
    const key = `${caller.userId ?? ''}|${caller.roles.join(',')}`
    let grants = this.#grants.get(key)
    if (!grants) {
      grants = this.#source.grantsOf(caller)
      this.#grants.set(key, grants)
      grants.catch(() => this.#grants.delete(key))
    }
    return grants
  }
}
