import { assertNoFaults } from '../assertNoFaults.ts'
import type { Check } from '../Check.ts'

export const keepsSecrets: Check = {
  title: 'answers and tells no secret',
  run: async ({ roundTrips }) => {
    const faults = (await roundTrips()).flatMap(({ resource, secrets, answers, heard }) => {
      const said = [
        ...answers.map(({ body }) => ['an answer', body]),
        ...heard.map(({ name, payload }) => [name, payload])
      ]
      return said.flatMap(([where, what]) =>
        secrets
          .filter((secret) => JSON.stringify(what ?? null).includes(secret))
          .map(() => `${where} about ${resource.path} holds the value of a secret field`)
      )
    })
    assertNoFaults(faults)
  }
}
