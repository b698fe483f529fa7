import type { Application } from '@feathersjs/feathers'
import type { PlatformConfig } from '../config/PlatformConfig.ts'
import type { UnitsOfWork } from '../data/unitOfWork.ts'
import { serviceFacade } from '../resources/serviceFacade.ts'
import type { Registry } from '../resources/Registry.ts'
import type { Store } from '../platform/openStore.ts'
import { AccessTokens } from './AccessTokens.ts'
import { ApiKeys } from './ApiKeys.ts'
import { Identity, type User } from './Identity.ts'
import { LoginLimiter } from './LoginLimiter.ts'
import { users } from './resources.ts'
import { Sessions } from './Sessions.ts'
import { JwtStrategy, LocalStrategy } from './strategies.ts'

export interface IdentityParts {
  readonly identity: Identity
  readonly sessions: Sessions
  readonly keys: ApiKeys
  readonly tokens: AccessTokens
}

/** Puts log-in together: sessions, tokens, Feathers' authentication service with its two strategies. */
export function createIdentity(
  app: Application,
  registry: Registry,
  {
    config,
    store,
    units
  }: { readonly config: PlatformConfig; readonly store: Store; readonly units: UnitsOfWork }
): IdentityParts {
  const sessions = new Sessions(units, store.refreshKey)
  const keys = new ApiKeys(units)
  const { accessSeconds, refreshSeconds, rememberSeconds } = config.tokens
  const tokens = new AccessTokens({ app, secret: store.tokenSecret, lifetimeSeconds: accessSeconds })
  const people = (caller?: Parameters<typeof serviceFacade>[2]): any =>
    serviceFacade(app, registry.at(users.path).model, caller)
  const identity = new Identity({
    units,
    sessions,
    keys,
    tokens,
    limiter: new LoginLimiter(),
    refreshSeconds,
    rememberSeconds,
    readUser: (id) => people().get(id) as Promise<User>,
    setPassword: (caller, hash) => people(caller).patch(caller.userId, { password: hash })
  })
  tokens.service.register('local', new LocalStrategy(identity))
  tokens.service.register('jwt', new JwtStrategy(identity))
  return { identity, sessions, keys, tokens }
}
