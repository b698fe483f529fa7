import {
  invalidField,
  type Around,
  type HookContext,
  type Hooks,
  type Preparations,
  type Resource,
  type ServiceOf
} from '@signalbox/plugin'
import type { Access } from '../access/Access.ts'
import type { UnitsOfWork } from '../data/unitOfWork.ts'
import type { ApiKeys } from './ApiKeys.ts'
import { beginningOf, createApiKey, hashApiKey } from './apiKeyText.ts'
import { refuseKey } from './Identity.ts'
import { apiKeys } from './resources.ts'
import { checkPermissions } from './roleHooks.ts'
import { requireRightsOf } from './userHooks.ts'

export interface ApiKeyHookParts {
  readonly access: Access
  readonly units: UnitsOfWork
  readonly keys: ApiKeys
  readonly isKnown: (permission: string) => Promise<boolean>
}

/** Nobody gets a key to more than they may do, and no key makes another or widens itself. */
export function apiKeyPreparations({ access, units, isKnown }: ApiKeyHookParts): Preparations {
  const check = async ({ data, id, method, params }: HookContext): Promise<void> => {
    refuseKey(params.caller)
    if (typeof data.expiresAt === 'string' && Date.parse(data.expiresAt) <= Date.now())
      throw invalidField('expiresAt', 'must be in the future')
    await checkPermissions(data.permissions ?? [], 'permissions', isKnown)
    const stored = id === undefined ? undefined : await userOf(id, units)
    if (method === 'update' && stored !== undefined && data.userId !== stored)
      throw invalidField('userId', 'stays as it is; make another key')
    const userId = stored ?? (data.userId as string | undefined)
    if (userId === undefined || !params.provider) return
    if (method === 'create' && !(await exists(userId, units))) throw invalidField('userId', 'no such user')
    if (userId !== params.caller.userId) await requireRightsOf(userId, params.caller, { access, units })
  }
  return {
    create: check,
    update: check,
    patch: check,
    remove: async ({ id, params }) => {
      if (params.caller.keyId !== id) refuseKey(params.caller)
    }
  }
}

/** Makes the key, shows it once, and lets a change of it act at once. */
export function apiKeyHooks({ units, keys }: ApiKeyHookParts): Hooks {
  const make: Around = async (context, next) => {
    const key = createApiKey()
    Object.assign(context.data, { key: beginningOf(key), keyHash: hashApiKey(key) })
    await next()
    context.params.shownOnce = { key }
  }
  const forget: Around = async ({ id }, next) => {
    await next()
    units.afterCommit(() => keys.forget(id as string))
  }
  return { create: [make], update: [forget], patch: [forget], remove: [forget] }
}

/** An account's keys go with it, each as a change of its own. */
export function removeKeysOfUser(service: <R extends Resource>(resource: R) => ServiceOf<R>): Around {
  return async ({ id }, next) => {
    const keys = await service(apiKeys).find({ userId: id as string })
    for (const key of keys) await service(apiKeys).remove(key.id)
    await next()
  }
}

async function userOf(id: string, units: UnitsOfWork): Promise<string | undefined> {
  const row = (await units.db()('core_api_keys').where({ id }).first('user_id')) as
    { user_id: string } | undefined
  return row?.user_id
}

async function exists(id: string, units: UnitsOfWork): Promise<boolean> {
  return Boolean(await units.db()('core_users').where({ id }).first('id'))
}
