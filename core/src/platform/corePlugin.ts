import { definePlugin, type Plugin } from '@signalbox/plugin'
import type { Access } from '../access/Access.ts'
import { explain } from '../access/explain.ts'
import type { ScopeTree } from '../access/ScopeTree.ts'
import { coreMigrations } from '../data/coreMigrations.ts'
import type { UnitsOfWork } from '../data/unitOfWork.ts'
import type { Feed } from '../feed/Feed.ts'
import { readChanges } from '../feed/readChanges.ts'
import { auth } from '../identity/authService.ts'
import { authentication } from '../identity/authenticationService.ts'
import type { Identity } from '../identity/Identity.ts'
import { apiKeys, grants, permissions, roles, users } from '../identity/resources.ts'
import {
  forgetAfter,
  grantPreparations,
  permissionPreparations,
  rolePreparations
} from '../identity/roleHooks.ts'
import type { ApiKeys } from '../identity/ApiKeys.ts'
import { apiKeyHooks, apiKeyPreparations, removeKeysOfUser } from '../identity/apiKeyHooks.ts'
import { refreshSocket } from '../identity/authCommands.ts'
import type { Sessions } from '../identity/Sessions.ts'
import { userHooks, userPreparations } from '../identity/userHooks.ts'
import type { LoopDelay } from '../metrics/LoopDelay.ts'
import type { Metric } from '../metrics/Metric.ts'
import { metrics } from '../metrics/metricsService.ts'
import type { LeftOff, Standing } from '../realtime/LiveRights.ts'
import type { ScopesOf } from '../realtime/Publisher.ts'
import { resumeCommand } from '../realtime/resumeCommand.ts'
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
  readonly scopes: ScopeTree
  readonly scopesOf: ScopesOf
  /** The paths of every resource and service. */
  readonly paths: () => readonly string[]
  readonly resume: (connectionId: string, leftOff: LeftOff) => Promise<Standing>
  readonly keys: ApiKeys
  readonly renew: (connectionId: string, accessToken: string) => Promise<string>
  readonly feed: Feed
  readonly idempotency: Idempotency
  readonly settings: Settings
  readonly vacuum: () => Promise<void>
  readonly health: () => HealthReport
  readonly ready: () => boolean
  readonly status: () => ReturnType<typeof describePlatform>
  readonly loopDelay: LoopDelay
  readonly metrics: () => Promise<Metric[]>
}

/** What the host itself declares, through the same contract as any plugin. */
export function corePlugin(parts: () => CoreParts): Plugin {
  return definePlugin({
    name: '@signalbox/core',
    version,
    platform: '^1.0.0',
    essential: true,
    resources: [users, roles, permissions, grants, apiKeys],
    commands: [refreshSocket, resumeCommand],
    services: [auth, authentication, health, status, metrics, settings, changes],
    migrations: [...coreMigrations, ...taskMigrations],
    register(ctx) {
      const { access, units, identity, sessions, keys, feed, settings: store } = parts()
      const { scopes, scopesOf, paths, resume } = parts()
      const isKnown = permissionChecker(units)
      ctx.prepare(users, userPreparations({ access, units, identity, sessions }))
      ctx.hook(users, userHooks({ access, units, identity, sessions }))
      ctx.hook(users, { remove: [removeKeysOfUser((resource) => ctx.running.service(resource))] })
      ctx.handle(users, {
        endSessions: ({ id }) => sessions.endAll(id)
      })
      ctx.prepare(apiKeys, apiKeyPreparations({ access, units, keys, isKnown }))
      ctx.hook(apiKeys, apiKeyHooks({ access, units, keys, isKnown }))
      ctx.command(refreshSocket, async ({ accessToken }, { id }) => ({
        expiresAt: await parts().renew(id, accessToken)
      }))
      ctx.prepare(roles, rolePreparations(access, isKnown))
      ctx.hook(roles, forgetAfter(access, units))
      ctx.prepare(grants, grantPreparations(access, units, { isKnown, scopes }))
      ctx.hook(grants, forgetAfter(access, units))
      ctx.prepare(permissions, permissionPreparations(units))
      ctx.handle(permissions, {
        explain: ({ data, caller }) => explain({ access, units, scopesOf }, data, caller)
      })
      ctx.command(resumeCommand, (leftOff, { id }) => resume(id, leftOff))
      ctx.handle(auth, {
        login: ({ data, origin }) => identity.logIn(data, origin),
        refresh: ({ data }) => identity.refresh(data.refreshToken),
        me: ({ caller }) => identity.me(caller),
        verify: ({ data, token }) => identity.verify(data.token ?? token),
        logout: async ({ caller }) => {
          await identity.logOut(caller)
          return { success: true }
        },
        logoutEverywhere: async ({ data, caller }) => {
          await identity.logOutEverywhere(caller, data)
          return { success: true }
        },
        sessions: ({ caller }) => identity.sessions(caller),
        endSession: async ({ data, caller }) => {
          await identity.endSession(caller, data.id)
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
      ctx.handle(metrics, { find: async () => ({ metrics: await parts().metrics() }) })
      ctx.handle(settings, { find: () => store.all(), patch: ({ data }) => store.change({ ...data }) })
      ctx.handle(changes, {
        find: ({ data, caller }) => readChanges({ feed, access, paths }, data, caller)
      })
    },
    async start(ctx) {
      const { sessions, idempotency, feed, vacuum, loopDelay } = parts()
      loopDelay.start()
      ctx.defer(() => loopDelay.stop())
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
