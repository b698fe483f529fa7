import { assertNoFaults } from '../assertNoFaults.ts'
import type { Check } from '../Check.ts'
import type { RoundTrip } from '../roundTrip.ts'

export const tellsChanges: Check = {
  title: 'tells each of those changes once, in order',
  run: async ({ roundTrips }) => {
    assertNoFaults((await roundTrips()).flatMap(faultsOf))
  }
}

/** A plugin may change a record of its own accord as well: what was asked for must be among what was told. */
function faultsOf({ resource, id, heard, actions }: RoundTrip): string[] {
  const { path, singular } = resource
  const changes = heard.filter(({ name, payload }) => name === `${singular}-changed` && payload?.id === id)
  const told = changes.map(({ payload }) => payload.action as string)
  const seqs = changes.map(({ payload }) => payload.seq as number)
  const feathers = heard
    .filter(({ name, payload }) => name.startsWith(`${path} `) && payload?.id === id)
    .map(({ name }) => name.slice(path.length + 1))
  return [
    ...(contains(told, actions)
      ? []
      : [`${singular}-changed told ${list(told)}, where ${list(actions)} happened`]),
    ...(contains(feathers, actions)
      ? []
      : [`${path} … told ${list(feathers)}, where ${list(actions)} happened`]),
    ...(seqs.every((seq, index) => index === 0 || seq > (seqs[index - 1] as number))
      ? []
      : [`${singular}-changed came in the order ${list(seqs.map(String))}`]),
    ...['created', 'removed']
      .filter((once) => told.filter((action) => action === once).length > 1)
      .map((once) => `${singular}-changed told ${once} more than once`)
  ]
}

/** Whether the parts are there in their order. */
function contains(all: readonly string[], parts: readonly string[]): boolean {
  let at = 0
  for (const one of all) if (one === parts[at]) at++
  return at === parts.length
}

function list(names: readonly string[]): string {
  return names.join(', ') || 'nothing'
}
