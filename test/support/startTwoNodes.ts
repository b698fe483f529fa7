import type { ConfigInput } from '@signalbox/core'
import { startTestPlatform, type TestPlatform } from './startTestPlatform.ts'

/** What a test needs of a deployment, of however many nodes. */
export type TestDeployment = Pick<TestPlatform, 'url' | 'api' | 'unconnected' | 'service' | 'drain' | 'stop'>

/**
 * Two nodes of one deployment, as callers meet them whom a load balancer sends now to one and now to the other: what is
 * written over REST, or by code, is written at one of them, and read over REST, and heard by sockets, at the other. So
 * everything that a test sees has come across. `url` is that of the one which is written to.
 *
 * @param config for each of the two
 */
export async function startTwoNodes(config: () => ConfigInput): Promise<TestDeployment> {
  const start = (): Promise<TestPlatform> =>
    startTestPlatform({ ...config(), secret: 'one for all nodes of this deployment' })
  // The first holds every lease: named events, which do not travel, happen where they are heard.
  const read = await start()
  const written = await start().catch(async (error: unknown) => {
    await read.stop()
    throw error
  })

  return {
    ...written,
    api: (method, ...call) => (method === 'GET' ? read : written).api(method, ...call),
    unconnected: read.unconnected,
    drain: async () => {
      await written.drain()
      await read.drain()
    },
    stop: async () => {
      await written.stop()
      await read.stop()
    }
  }
}
