import type { Logger } from '@signalbox/plugin'
import type { PlatformConfig } from '../config/PlatformConfig.ts'
import type { Node } from '../nodes/Node.ts'
import { RedisStream } from '../realtime/RedisStream.ts'
import { deploymentName } from './deploymentName.ts'
import type { Store } from './openStore.ts'

export interface OpenRedisStreamOptions {
  readonly config: PlatformConfig
  readonly store: Store
  readonly node: Node
  readonly log: Logger
}

/** The stream in Redis by which named events reach the other nodes; undefined where there is none, or nobody else. */
export async function openRedisStream({
  config,
  store,
  node,
  log
}: OpenRedisStreamOptions): Promise<RedisStream | undefined> {
  const { url } = config.redis
  if (url !== undefined && node.shared)
    return new RedisStream({ url, key: `signalbox:${await deploymentName(store)}:events`, log })
  if (url !== undefined) log.warn({}, 'redis.url is not used: the embedded database has one node')
  else noticeOthers(node, log)
  return undefined
}

/** A node that hears of another knows that its named events do not reach all sockets. */
function noticeOthers({ bus }: Node, log: Logger): void {
  const stop = (['committed', 'numbered'] as const).map((topic) =>
    bus.hear(topic, () => {
      stop.forEach((end) => end())
      log.info(
        {},
        'Another node shares the database, and there is no redis.url: named events reach the sockets of their own node'
      )
    })
  )
}
