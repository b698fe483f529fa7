import { ManualClock, type ConfigInput } from '@signalbox/core'
import type { Plugin } from '@signalbox/plugin'
import type { Events } from '../events/Events.ts'
import { track } from './leftovers.ts'
import { startPlatform } from './startPlatform.ts'
import type { OpenPlatform } from './OpenPlatform.ts'

/** A platform for a test. */
export interface TestPlatform extends OpenPlatform, AsyncDisposable {
  /** The time that tasks run by and plugins read. It stands still until it is moved. */
  readonly clock: ManualClock
  /** Everything that an administrator’s socket has heard since the start. */
  readonly events: Events
}

export interface TestPlatformOptions {
  readonly plugins?: readonly Plugin[]
  /**
   * The rest of the configuration. Unless it says otherwise: any free port, no log, UTC, no limit to the rate of
   * requests, a database in memory, or on the disk where there is a `dataDirectory`.
   */
  readonly config?: Omit<ConfigInput, 'plugins'>
  /** The moment at which the clock stands. Default: now. */
  readonly now?: Date
}

/**
 * Starts a platform for a test: on a free port, with a database in memory, silent, its clock standing still, and an
 * administrator listening.
 *
 * It is stopped by `stop`, by `await using`, or by itself after the test or the test file that started it.
 *
 * @example
 * await using platform = await testPlatform({ plugins: [weather()] })
 * const viewer = await platform.client('viewer')
 * const all = await viewer.service(stations).find({ $sort: { name: 1 } })
 */
export async function testPlatform({
  plugins = [],
  config = {},
  now
}: TestPlatformOptions = {}): Promise<TestPlatform> {
  const clock = new ManualClock(now)
  const { databaseUrl = config.dataDirectory === undefined ? 'memory:' : undefined } = config
  const opened = await startPlatform({ ...config, databaseUrl, plugins }, { clock })
  let stopped: Promise<void> | undefined
  const stop: TestPlatform['stop'] = (options) => (stopped ??= opened.stop(options).finally(forget))
  const forget = track(stop)
  try {
    const ear = await opened.signIn()
    await ear.socket()
    return { ...opened, clock, events: ear.events, stop, [Symbol.asyncDispose]: () => stop() }
  } catch (error) {
    await stop()
    throw error
  }
}
