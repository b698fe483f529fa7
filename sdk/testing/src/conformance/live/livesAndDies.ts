import { assertNoFaults } from '../assertNoFaults.ts'
import type { Check } from '../Check.ts'

export const livesAndDies: Check = {
  title: 'creates, reads, changes and removes records as its documents say',
  run: async ({ roundTrips }) => {
    assertNoFaults((await roundTrips()).flatMap(({ faults }) => faults))
  }
}
