import { assertNoFaults } from '../assertNoFaults.ts'
import type { Check } from '../Check.ts'

/** Permission keys that nobody gives. */
const everybodys = new Set<string | undefined>([undefined, 'public', 'signed-in'])

export const hasPermissions: Check = {
  title: 'has each of its permissions in the catalogue, with a sentence',
  run: async ({ name, platform, documents: { operations } }) => {
    const { body } = await (await platform.admin()).api('GET', '/permissions')
    const described = new Map<string, string>(body.map((one: any) => [one.permissionKey, one.description]))
    const own = operations.filter(({ tags }) => tags?.includes(name))
    const asked = own.map((operation) => operation['x-permission']).filter((key) => !everybodys.has(key))
    assertNoFaults(
      asked
        .filter((key) => !described.get(key as string))
        .map((key) => `the permission ${key} is not described`)
    )
  }
}
