import { definePlugin, type Plugin } from '@signalbox/plugin'
import type { Access } from '../access/Access.ts'
import { coreMigrations } from '../data/coreMigrations.ts'
import type { UnitsOfWork } from '../data/unitOfWork.ts'
import type { Feed } from '../feed/Feed.ts'
import { readable } from '../feed/readable.ts'
import { auth } from '../identity/authService.ts'
import { authentication } from '../identity/authenticationService.ts'
import type { Identity } from '../identity/Identity.ts'
import { grants, permissions, roles, users } from '../identity/resources.ts'
import {
  forgetAfter,
  grantPreparations,
  permissionPreparations,
  rolePreparations
} from '../identity/roleHooks.ts'
import type { Sessions } from '../identity/Sessions.ts'
import { userHooks, userPreparations } from '../identity/userHooks.ts'
import type { Idempotency } from '../resources/Idempotency.ts'
import { taskMigrations } from '../tasks/index.ts'
import type { describePlatform } from '../system/describePlatform.ts'
import type { HealthReport } from '../system/Health.ts'
import { changes, health, settings, status } from '../system/services.ts'
import type { Settings } from '../system/Settings.ts'
import { version } from './version.ts'

export interface CoreParts {
  readonly access: Access
  readonly units: UnitsOfWork
  readonly identity: Identity
  readonly sessions: Sessions
  readonly feed: Feed
  readonly idempotency: Idempotency
  readonly settings: Settings
  readonly vacuum: () => Promise<void>
  readonly health: () => HealthReport
  readonly ready: () => boolean
  readonly status: () => ReturnType<typeof describePlatform>
}

/** What the host itself declares, through the same contract as any plugin. */
export function corePlugin(parts: () => CoreParts): Plugin {
  return definePlugin({
    name: '@signalbox/core',
    version,
    platform: '^1.0.0',
    essential: true,
    resources: [users, roles, permissions, grants],
    services: [auth, authentication, health, status, settings, changes],
    migrations: [...coreMigrations, ...taskMigrations],
    register(ctx) {
      const { access, units, identity, sessions, feed, settings: store } = parts()
      const isKnown = permissionChecker(units)
      ctx.prepare(users, userPreparations({ access, units, identity, sessions }))
      ctx.hook(users, userHooks({ access, units, identity, sessions }))
      ctx.prepare(roles, rolePreparations(access, isKnown))
      ctx.hook(roles, forgetAfter(access, units))
      ctx.prepare(grants, grantPreparations(access, units, isKnown))
      ctx.hook(grants, forgetAfter(access, units))
      ctx.prepare(permissions, permissionPreparations(units))
      ctx.handle(auth, {
        login: ({ data, origin }) => identity.logIn(data, origin),
        refresh: ({ data }) => identity.refresh(data.refreshToken),
        me: ({ caller }) => identity.me(caller),
        verify: ({ data, token }) => identity.verify(data.token ?? token),
        logout: async ({ caller }) => {
          await identity.logOut(caller)
          return { success: true }
        },
        changePassword: async ({ data, caller, origin }) => {
          await identity.changePassword(caller, data, origin)
          return { success: true }
        }
      })
      ctx.handle(health, {
        find: () => parts().health(),
        ready: ({ answer }) => {
          const ready = parts().ready()
          if (!ready) answer.status = 503
          return { ready }
        }
      })
      ctx.handle(status, { find: () => parts().status() })
      ctx.handle(settings, { find: () => store.all(), patch: ({ data }) => store.change({ ...data }) })
      ctx.handle(changes, {
        find: async ({ data: { since, limit }, caller }) => {
          const [range, read] = [await feed.range(), await feed.read(since, limit)]
          const told = await Promise.all(read.map((change) => readable(change, caller, access)))
          return {
            changes: told
              .filter((change) => change !== undefined)
              .map(({ requestId: _, scopesBefore: _b, scopesAfter: _a, ...change }) => change),
            next: read.at(-1)?.seq ?? since,
            ...(since + 1 < range.first && { reset: true })
          }
        }
      })
    },
    async start(ctx) {
      const { sessions, idempotency, feed, vacuum } = parts()
      await ctx.task({
        name: 'expiry',
        every: 3_600_000,
        run: async () => {
          await sessions.removeExpired()
          await idempotency.removeExpired()
        }
      })
      await ctx.task({ name: 'feed-partitions', every: 3_600_000, run: () => feed.maintain() })
      await ctx.task({ name: 'vacuum', every: '17 3 * * *', run: () => vacuum() })
    }
  })()
}

/** The same without a platform behind it, for what only reads declarations. */
export function declareCore(): Plugin {
  return corePlugin(() => {
    throw new Error('The host does not run.')
  })
}

/** Whether a permission is in the catalogue; `*` and `cameras:*` stand for what is. */
function permissionChecker(units: UnitsOfWork): (permission: string) => Promise<boolean> {
  return async (permission) => {
    if (permission === '*') return true
    const rows = units.db()('core_permissions')
    const found: unknown = permission.endsWith(':*')
      ? await rows
          .where('permission_key', 'like', `${permission.slice(0, -1).replace(/[\\%_]/g, '\\$&')}%`)
          .first('id')
      : await rows.where({ permission_key: permission }).first('id')
    return found !== undefined
  }
}
