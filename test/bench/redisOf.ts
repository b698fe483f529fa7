import type { ConfigInput } from '@signalbox/core'
import type { TestPlatform } from '../support/startTestPlatform.ts'

/** What nodes of one deployment have in common. */
export type NodeOptions = Pick<ConfigInput, 'databaseUrl' | 'secret' | 'redis' | 'metrics'>

/** What a node whose metrics are open to all says of its Redis. */
export async function redisOf({ url }: TestPlatform): Promise<{
  readonly state: 'up' | 'down'
  readonly sent: number
  readonly heard: number
  readonly skipped: number
}> {
  const text = await (await fetch(`${url}/metrics`)).text()
  const value = (series: string): number =>
    Number(text.split(`\n${series} `)[1]?.split('\n')[0] ?? Number.NaN)
  const counted = (way: string): number => value(`signalbox_redis_events_total{way="${way}"}`)
  return {
    state: value('signalbox_redis_up') === 1 ? 'up' : 'down',
    sent: counted('sent'),
    heard: counted('heard'),
    skipped: counted('skipped')
  }
}
