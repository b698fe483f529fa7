import { assertNoFaults } from '../assertNoFaults.ts'
import type { Check } from '../Check.ts'

export const guards: Check = {
  title: 'answers nobody who has not signed in, and nobody without the permission',
  run: async ({ name, platform, documents: { operations } }) => {
    const stranger = await platform.client()
    const faults: string[] = []
    for (const { verb, path, operationId, tags, security, ...rest } of operations) {
      if (!tags?.includes(name) || security?.length === 0 || rest['x-permission'] === 'signed-in') continue
      const place = path.replace(/^.*?\/api\//, '/').replace('{id}', 'none')
      const body = verb === 'GET' || verb === 'DELETE' ? undefined : {}
      const unknown = (await platform.api(verb, place, body)).status
      if (unknown !== 401) faults.push(`${operationId} answers ${unknown} without a token, and not 401`)
      const { status } = await stranger.api(verb, place, body)
      if (![400, 403, 404].includes(status))
        faults.push(`${operationId} answers ${status} to somebody without a right, and not 403`)
    }
    assertNoFaults(faults)
  }
}
