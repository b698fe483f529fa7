import type { Logger } from '@signalbox/plugin'
import type { Access } from '../access/Access.ts'
import type { Feed } from '../feed/Feed.ts'
import type { ApiKeys } from '../identity/ApiKeys.ts'
import type { Identity } from '../identity/Identity.ts'
import type { Sessions } from '../identity/Sessions.ts'
import type { NodeBus } from '../nodes/NodeBus.ts'
import type { Settings } from '../system/Settings.ts'

export interface HearOptions {
  readonly bus: NodeBus
  readonly feed: Feed
  readonly access: Access
  readonly identity: Identity
  readonly sessions: Sessions
  readonly keys: ApiKeys
  readonly settings: Settings
  readonly log: Logger
}

/** The resources of which people's rights consist. */
const rights = new Set(['users', 'roles', 'grants'])

/** What another node decided, this one forgets: rights and settings by the feed, ended sessions by a notice. */
export function hearNodes({ bus, feed, access, identity, sessions, keys, settings, log }: HearOptions): void {
  feed.listen(({ resource, recordId }) => {
    if (resource === 'users') identity.forget(recordId)
    if (resource === 'api-keys') keys.forget(recordId)
    if (rights.has(resource)) access.forget()
    if (resource !== 'settings') return
    settings
      .load()
      .catch((error: unknown) => log.error({ err: error }, 'The settings could not be read again'))
  })
  bus.hear('session-ended', (notice) => sessions.heard(notice))
  bus.onTurn((connected) => sessions.hears(connected))
  bus.onTurn((connected) => keys.hears(connected))
}
