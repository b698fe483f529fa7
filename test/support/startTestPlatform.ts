import type { ConfigInput } from '@signalbox/core'
import type { OpenPlatform, Person } from '@signalbox/testing'
import { startPlatform } from '../../sdk/testing/src/platform/startPlatform.ts'

export type { Answer, OpenPlatform as TestPlatform } from '@signalbox/testing'
export type TestClient = Pick<Person, 'id' | 'token' | 'refreshToken' | 'api' | 'socket'>

/**
 * Starts a platform for a test that runs in real time and stops it itself. What `config` says wins; without the key
 * `databaseUrl` and a `dataDirectory` its database is in memory, `databaseUrl: undefined` asks for the one on the disk.
 */
export async function startTestPlatform(config: ConfigInput = {}): Promise<OpenPlatform> {
  const isKept = 'databaseUrl' in config || config.dataDirectory !== undefined
  const platform = await startPlatform({ ...(isKept ? {} : { databaseUrl: 'memory:' }), ...config })
  // Many of these tests end sessions.
  return { ...platform, admin: () => platform.signIn() }
}
