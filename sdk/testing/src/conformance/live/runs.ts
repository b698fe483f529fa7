import type { TestPlatform } from '../../platform/testPlatform.ts'
import type { Check } from '../Check.ts'

export const runs: Check = {
  title: 'runs on an empty database',
  run: ({ platform, name }) => assertRunning(platform, name)
}

/** Rejects with the reason where the plugin does not run. */
export async function assertRunning(platform: TestPlatform, name: string): Promise<void> {
  const { body } = await (await platform.admin()).api('GET', '/status')
  const { state, error } = body.plugins[name]
  if (state !== 'running') throw new Error(`${name} is ${state}: ${error}`)
}
